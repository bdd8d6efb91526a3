"""Requests to other machines that users name, without letting them reach into the network this server stands in.

Owns which addresses may be connected to (:mod:`~descant.net.addresses`, :mod:`~descant.net.destinations`) and the HTTP
client that connects to nothing else (:mod:`~descant.net.outbound`). Must not know what is sent or fetched, nor why.
Nothing else in the package opens outbound HTTP connections, and only this room imports httpcore.

Conventions
-----------
A name is resolved once, every address it has is judged, and the connection goes to a judged address: what a name
server says a moment later changes nothing. Times are in seconds, sizes in bytes.
"""
