"""CPU of a log call, in rounds that alternate: FileHandler, and the handlers of logboom_logging. Prints one JSON object.

    python3 bench/logger_python.py [records a round] [rounds]
"""

import http.server
import json
import logging
import os
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'python'))
for name in ('LOGBOOM_RUN', 'LOGBOOM_URL', 'LOG_LEVEL', 'LOGBOOM_LEVEL', 'LOGBOOM_CONTROL'):
    os.environ.pop(name, None)


class Hub(http.server.BaseHTTPRequestHandler):
    """Answers as a hub does, and keeps nothing: its own CPU is not that of a logger."""

    protocol_version = 'HTTP/1.1'

    def do_POST(self):
        self.rfile.read(int(self.headers['Content-Length']))
        self.send_response(200)
        self.send_header('Content-Length', '2')
        self.end_headers()
        self.wfile.write(b'{}')

    def log_message(self, *_):
        pass


def serve():
    """Port of a hub in a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Hub)
        os.write(writing, b'%d' % server.server_address[1])
        server.serve_forever()
    return child, int(os.read(reading, 10))


def file_logger(directory):
    logger = logging.getLogger('plain')
    handler = logging.FileHandler(os.path.join(directory, 'plain.log'))
    handler.setFormatter(logging.Formatter('%(asctime)s.%(msecs)03d [%(process)d] [%(levelname)s] %(message)s', '%Y-%m-%d %H:%M:%S'))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return logger


def seconds_of(logger, count, settle):
    """CPU of the whole process, so that what threads do for the records is in it."""
    before = time.process_time()
    for number in range(count):
        logger.info('order %d of basket %d paid in %d ms by card', number, number % 97, number % 311)
    settle()
    return time.process_time() - before


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    child, port = serve()
    try:
        with tempfile.TemporaryDirectory() as directory:
            plain = file_logger(directory)
            first = seconds_of(plain, count, lambda: None)
            import logboom_logging as ours

            options = {'log_dir': directory, 'console': False, 'max_size': '1GB'}
            url = 'http://127.0.0.1:%d' % port
            loggers = {
                'FileHandler': plain,
                'text file': ours.get_logger('text', hub=False, **options),
                'JSON file': ours.get_logger('json', hub=False, format='json', **options),
                'text file and hub': ours.get_logger('hub', hub=url, **options),
            }
            ours._early.end()
            best = {name: first if name == 'FileHandler' else float('inf') for name in loggers}
            for _ in range(rounds):
                for name, logger in loggers.items():
                    settle = (lambda: ours.flush(30)) if 'hub' in name else (lambda: None)
                    best[name] = min(best[name], seconds_of(logger, count, settle))
            print(json.dumps({name: best[name] / count * 1e6 for name in best}))
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)


if __name__ == '__main__':
    threading.current_thread()
    main()
