"""The city's hardware, played over the public interfaces: MQTT, RTSP. Knows no table and no other room."""
