"""The ways in: a folder that is watched, feeds that are polled, an endpoint that is pushed to.

All three hand bytes as they came to one ``Outlet`` (``streams.kafka.publish``), and let go of them
(move the file, remember the document, answer 202) only when the broker has them.
"""
