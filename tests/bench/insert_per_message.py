"""Peer (c): what a user would write in twenty lines, paho and one INSERT per message."""

import json
import sys
from urllib.parse import urlsplit

import paho.mqtt.client as paho
import psycopg

url, wanted = urlsplit(sys.argv[1]), int(sys.argv[3])
database = psycopg.connect(sys.argv[2], autocommit=True)
database.execute("create table reading (time timestamptz, device text, metric text, value double precision)")
database.execute("select create_hypertable('reading', by_range('time', interval '1 day'))")
count = 0


def on_message(client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
    global count  # noqa: PLW0603  as a user writes it
    reading = json.loads(message.payload)
    for metric, value in reading["values"].items():
        row = (reading["ts"] / 1000, message.topic.split("/")[2], metric, value)
        database.execute("insert into reading values (to_timestamp(%s), %s, %s, %s)", row)
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
