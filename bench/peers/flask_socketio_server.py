"""Flask-SocketIO on eventlet as its guide has it: one `emit` to the room per message; nothing stored."""

import time

import eventlet

eventlet.monkey_patch()

from eventlet import wsgi
from flask import Flask, request
from flask_socketio import SocketIO, emit, join_room

app = Flask(__name__)
io = SocketIO(app, async_mode="eventlet", ping_interval=3600)  # the load answers no pings
rooms = {}
positions = {}


@io.on("connect")
def connected():
    name = request.args.get("room", "")
    rooms[request.sid] = name
    join_room(name)


@io.on("send")
def send(sent):
    room = rooms[request.sid]
    position = positions.get(room, 0) + 1
    positions[room] = position
    now = int(time.time() * 1000)
    entry = {
        "position": position,
        "time": now,
        "kind": "message",
        "account": room,
        "device": room,
        "id": sent["id"],
        "body": sent["body"],
    }
    emit("entries", {"t": "entries", "room": room, "entries": [entry]}, to=room)
    emit("ack", {"t": "ack", "room": room, "id": sent["id"], "position": position, "time": now})


listener = eventlet.listen(("127.0.0.1", 0))
print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
wsgi.server(listener, app, log_output=False)
