"""What the tests' `kedge` program is: hands its arguments, folder, environment and streams to a server that forks.

It runs with `python -ISE`, and imports nothing but what is built into Python, since git starts it again and again.
"""

import _socket
import posix
import sys

asked = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
asked.connect(sys.argv[1])
folder = posix.open(".", posix.O_RDONLY)
streams = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2, folder))
asked.sendmsg([b"k"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
words = [word.encode("utf-8", "surrogateescape") for word in sys.argv[2:]]
settings = [b"=".join(pair) for pair in posix.environ.items()]
request = b"\0".join([b"%d" % len(words), *words, *settings])
while request:
    request = request[asked.send(request) :]
asked.shutdown(_socket.SHUT_WR)
# Nothing comes from a process that was killed.
posix._exit((asked.recv(1) or b"\x89")[0])
