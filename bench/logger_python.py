"""CPU and duration of a log call: FileHandler, and the handlers of logboom_logging, in rounds that alternate. Prints one JSON object.

    python3 bench/logger_python.py [records a round] [rounds]
"""

import http.server
import json
import logging
import os
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'python'))
for name in ('LOGBOOM_RUN', 'LOGBOOM_URL', 'LOG_LEVEL', 'LOGBOOM_LEVEL', 'LOGBOOM_CONTROL'):
    os.environ.pop(name, None)

# Calls whose duration is measured are made at this pace, as the longest of a flat-out loop are those of the scheduler.
PACED_SECONDS, PACE = 3, 1000


class Hub(http.server.BaseHTTPRequestHandler):
    """Answers as a hub does, and keeps nothing: a hub's own CPU is not that of a logger."""

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
    """PID and port of a hub in a process of its own."""
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
    form = '%(asctime)s.%(msecs)03d [%(process)d] [%(levelname)s] %(message)s'
    handler.setFormatter(logging.Formatter(form, '%Y-%m-%d %H:%M:%S'))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return logger


def log(logger, number):
    logger.info('order %d of basket %d paid in %d ms by card', number, number % 97, number % 311)


def cpu_seconds_of(logger, count, settle):
    """Of the whole process, so that what threads do for the records is in it."""
    before = time.process_time()
    for number in range(count):
        log(logger, number)
    settle()
    return time.process_time() - before


def longest_ms_of(logger):
    """The duration that 999 of 1,000 calls do not exceed."""
    durations = []
    start = time.perf_counter()
    for number in range(PACED_SECONDS * PACE):
        time.sleep(max(0, start + number / PACE - time.perf_counter()))
        before = time.perf_counter()
        log(logger, number)
        durations.append(time.perf_counter() - before)
    return sorted(durations)[-1 - len(durations) // 1000] * 1000


def resident_kb():
    with open('/proc/self/statm', encoding='ascii') as file:
        return int(file.read().split()[1]) * os.sysconf('SC_PAGE_SIZE') // 1024


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    child, port = serve()
    try:
        with tempfile.TemporaryDirectory() as directory:
            plain = file_logger(directory)
            # Before the module is there, which remembers early records for a minute.
            best = {'FileHandler': min(cpu_seconds_of(plain, count, lambda: None) for _ in range(2))}
            before_kb = resident_kb()
            import logboom_logging as ours

            options = {'log_dir': directory, 'console': False, 'max_size': '1GB'}
            loggers = {
                'FileHandler': plain,
                'text file': ours.get_logger('text', hub=False, **options),
                'JSON file': ours.get_logger('json', hub=False, format='json', **options),
                'text file and hub': ours.get_logger('hub', hub='http://127.0.0.1:%d' % port, **options),
            }
            longest = {name: longest_ms_of(logger) if count > 1 else 0 for name, logger in loggers.items()}
            memory_kb = resident_kb() - before_kb
            for _ in range(rounds):
                for name, logger in loggers.items():
                    settle = (lambda: ours.flush(30)) if 'hub' in name else (lambda: None)
                    best[name] = min(best.get(name, float('inf')), cpu_seconds_of(logger, count, settle))
            rows = [
                {'handler': name, 'cpuUs': best[name] / count * 1e6, 'longestMs': longest[name]} for name in loggers
            ]
            print(json.dumps({'rows': rows, 'memoryMb': memory_kb / 1024}))
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)


if __name__ == '__main__':
    main()
