"""TimescaleDB and Mosquitto for a machine without Docker: started, stopped, never left behind. Not for production."""
