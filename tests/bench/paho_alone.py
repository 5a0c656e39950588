"""Peer (a): paho-mqtt as its documentation shows it, counting."""

import sys
from urllib.parse import urlsplit

import paho.mqtt.client as paho

url, _, wanted = urlsplit(sys.argv[1]), sys.argv[2], int(sys.argv[3])
count = 0


def on_message(client: paho.Client, _data: object, _message: paho.MQTTMessage) -> None:
    global count  # noqa: PLW0603  as a user writes it
    count += 1
    if count == wanted:
        print("done", flush=True)
        client.disconnect()


client = paho.Client(paho.CallbackAPIVersion.VERSION2)
client.on_message = on_message
client.on_subscribe = lambda *_: print("ready", flush=True)
client.connect(url.hostname or "", url.port or 1883)
client.subscribe("pantau/v1/+/telemetry", qos=1)
client.loop_forever()
