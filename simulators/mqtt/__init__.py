"""Just enough MQTT 5 to publish a load cheaply: packets, window, delivery, socket."""
