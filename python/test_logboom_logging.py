"""Tests of logboom_logging: real files, processes, event loops and sockets. `python3 -m unittest -v` in this folder runs them."""

import asyncio
import contextlib
import errno
import gzip
import io
import json
import logging
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import unittest.mock

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
for _name in list(os.environ):
    if _name.startswith('LOGBOOM_') or _name in ('LOG_LEVEL', 'NO_COLOR', 'FORCE_COLOR'):
        del os.environ[_name]

import logboom_logging as boom  # noqa: E402

FILE_LINE = re.compile(r'^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[(\d+)\] \[([A-Z]+)\] (.*)$')


def until(what, condition, seconds=20):
    """The first true value of the condition."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError('waited %s s in vain for: %s' % (seconds, what))
        time.sleep(0.01)


def read(*parts):
    with open(os.path.join(*parts), encoding='utf-8') as file:
        return file.read()


def read_if_there(*parts):
    return read(*parts) if os.path.exists(os.path.join(*parts)) else ''


class Case(unittest.TestCase):
    """A folder of its own, and programs that run in it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix='logboom-python-')
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.addCleanup(self.forget_loggers)

    def forget_loggers(self):
        for name, output in list(boom._outputs.items()):
            logging.getLogger(name).removeHandler(output)
            output.close()
            del boom._outputs[name]
        boom._told.clear()

    def start(self, code, *words, env=(), **options):
        """A program in a folder named `app`."""
        app = os.path.join(self.folder, 'app')
        os.makedirs(app, exist_ok=True)
        path = os.path.join(app, 'main.py')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(code)
        environment = {**os.environ, 'PYTHONPATH': HERE, 'TMPDIR': self.folder, 'FOLDER': self.folder, 'PYTHONWARNINGS': 'ignore::DeprecationWarning', **dict(env)}
        options = {'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE, 'encoding': 'utf-8', **options}
        child = subprocess.Popen([sys.executable, path, *words], env=environment, cwd=self.folder, **options)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        for stream in (child.stdout, child.stderr):
            if stream:
                self.addCleanup(stream.close)
        return child

    def run_program(self, code, *words, **options):
        child = self.start(code, *words, **options)
        out, err = child.communicate(timeout=60)
        return child.returncode, out, err

    def lines(self, *parts):
        """PID, level and text of all lines of a log file."""
        return [FILE_LINE.match(line).groups() for line in read(self.folder, *parts).splitlines()]


class Lines(Case):
    """The table that everything in Logboom that writes such lines is held to."""

    def cases(self):
        with open(os.path.join(HERE, '..', 'test', 'contract', 'line-formats.json'), encoding='utf-8') as file:
            return json.load(file)

    def record_of(self, case):
        """The record as a Python program makes it; events and gaps say in words what the hub's mark and fields say."""
        record = case['record']
        marked = record['kind'] in ('event', 'gap')
        level = {1: 5, 5: 10, 9: 20, 12: 25, 13: 30, 17: 40, 21: 50, 24: 60}[record['severity']]
        made = logging.makeLogRecord(
            {
                'name': 'host',
                'msg': ('[%s] ' % record['kind'] if marked else '') + record['message'],
                'levelno': level,
                'created': record['time'] / 1000,
                'process': record['pid'],
            }
        )
        made.__dict__.update({} if marked else record.get('fields', {}))
        if record['kind'] == 'audit':
            made.is_audit = True
        return made

    def output(self, colored):
        self.forget_loggers()
        stderr, sys.stderr = sys.stderr, io.StringIO()
        self.addCleanup(setattr, sys, 'stderr', stderr)
        os.environ['FORCE_COLOR'] = '1' if colored else '0'
        self.addCleanup(os.environ.pop, 'FORCE_COLOR', None)
        boom.get_logger('host', log_dir=self.folder, utc=True)
        return boom._outputs['host']

    def test_file_and_console_lines_are_those_of_the_table(self):
        output = self.output(colored=False)
        for case in self.cases():
            sys.stderr.seek(0)
            sys.stderr.truncate()
            before = len(read(self.folder, 'host.log'))
            output.handle(self.record_of(case))
            with open(os.path.join(self.folder, 'host.log'), encoding='utf-8', newline='') as file:
                self.assertEqual(file.read()[before:], case['file'] + '\n', case['name'])
            self.assertEqual(sys.stderr.getvalue(), case['console'] + '\n', case['name'])

    def test_colored_console_lines_are_those_of_the_table(self):
        output = self.output(colored=True)
        for case in self.cases():
            sys.stderr.seek(0)
            sys.stderr.truncate()
            output.handle(self.record_of(case))
            self.assertEqual(sys.stderr.getvalue(), case['colored'] + '\n', case['name'])

    def test_colors_are_for_terminals_without_no_color(self):
        import pty

        code = "from logboom_logging import get_logger\nget_logger('host').info('x')"
        shown = []
        for env in ({'TERM': 'xterm'}, {'TERM': 'xterm', 'NO_COLOR': '1'}, {'TERM': 'dumb'}):
            outer, inner = pty.openpty()
            child = self.start(code, env=env, stderr=inner)
            child.communicate(timeout=60)
            os.close(inner)
            shown.append(os.read(outer, 1000))
            os.close(outer)
        self.assertRegex(shown[0], rb'^\x1b\[32m\[\d\d:\d\d:\d\d\] \[\d+\] \[INFO\]\x1b\[39m x\r\n$')
        for plain in shown[1:]:
            self.assertRegex(plain, rb'^\[\d\d:\d\d:\d\d\] \[\d+\] \[INFO\] x\r\n$')
        self.assertRegex(self.run_program(code)[2], r'^\[\d\d:\d\d:\d\d\] \[\d+\] \[INFO\] x\n$')

    def test_json_format(self):
        log = boom.get_logger('host', log_dir=self.folder, format='json', console=False, location=True)
        log.warning('höchste %s', 'Zeit', extra={'user': 'Ann', 'level': 3, 'odd': {1, 2}, 'nan': float('nan')})
        said = json.loads(read(self.folder, 'host.log'))
        self.assertLess(abs(said.pop('time') / 1000 - time.time()), 60)
        self.assertGreater(said.pop('line'), 0)
        self.assertEqual(
            said,
            {
                'level': 'WARNING',
                'logger': 'host',
                'msg': 'höchste Zeit',
                'pid': os.getpid(),
                'module': 'test_logboom_logging',
                'function': 'test_json_format',
                'user': 'Ann',
                'level_': 3,
                'odd': [1, 2],
                'nan': 'nan',
            },
        )

    def test_traceback_follows_as_continuation_lines(self):
        log = boom.get_logger('host', log_dir=self.folder, console=False)
        try:
            raise ValueError('no such order')
        except ValueError:
            log.exception('failed')
        lines = read(self.folder, 'host.log').splitlines()
        self.assertRegex(lines[0], r'\[ERROR\] failed$')
        self.assertEqual([lines[1], lines[-1]], ['Traceback (most recent call last):', 'ValueError: no such order'])

    def test_what_cannot_be_shown_is_no_error_of_the_application(self):
        class Odd:
            def __str__(self):
                raise RuntimeError('no text')

        cycle = {}
        cycle['again'] = [cycle, cycle]
        log = boom.get_logger('host', log_dir=self.folder, format='json', console=False)
        stderr, sys.stderr = sys.stderr, io.StringIO()
        try:
            log.info('%d orders', 'many')
            log.info('odd', extra={'odd': Odd(), 'cycle': cycle, 'lone': '\ud800'})
            log.info(Odd())
            told = sys.stderr.getvalue()
        finally:
            sys.stderr = stderr
        said = [json.loads(line) for line in read(self.folder, 'host.log').splitlines()]
        self.assertEqual(said[0]['msg'], 'many orders')
        self.assertEqual((said[1]['odd'], said[1]['lone']), ('[cannot be shown: RuntimeError: no text]', '?'))
        self.assertEqual(len(said), 3)
        self.assertEqual(told.count('\n'), 1, told)


class Hostile(Case):
    """Whatever an application hands over: the record is written, with a placeholder for what cannot be shown."""

    class Odd:
        def __str__(self):
            raise TypeError('no\n text')

        __repr__ = __int__ = __float__ = __index__ = __str__

    class OddError(Exception):
        def __str__(self):
            raise self

        __repr__ = __str__

    SHOWN = '[cannot be shown: TypeError: no text]'

    def log_all(self, log):
        """Calls, with the message and the fields that each record has."""
        odd, big, shown = self.Odd(), 10**5000, self.SHOWN
        cases = [
            (('%s paid %d', odd, 5), {}, shown + ' paid 5', {}),
            (('%d of %s', odd, [1, odd]), {}, '%s of [1,"%s"]' % (shown, shown), {}),
            (('%(a)s %(b)05d %(c)s', {'a': odd, 'b': 7}), {}, "%s 00007 [cannot be shown: KeyError: 'c']" % shown, {}),
            (('%d %s %%', 'many'), {}, 'many %s %', {}),
            (('%*d|%.2f', 5, 7, 'x', odd), {}, '    7|x ' + shown, {}),
            (('none', 1, 2), {}, 'none 1 2', {}),
            (('%d', big), {}, hex(big), {}),
            ((odd,), {}, shown, {}),
            ((self.OddError(),), {}, '[cannot be shown: OddError]', {}),
            (('fields',), {'extra': {'odd': odd, 'big': big, 'in': {'odd': odd, 'big': -big, 'n': 1}, 'after': 2}}, 'fields',
             {'odd': shown, 'big': hex(big), 'in': {'odd': shown, 'big': hex(-big), 'n': 1}, 'after': 2}),
            (('exc',), {'exc_info': (1, 2, 3)}, None, {}),
            (('exc',), {'exc_info': (self.OddError, self.OddError(), None)}, None, {}),
        ]  # fmt: skip
        for args, keywords, _, _ in cases:
            log.error(*args, **keywords)
        with boom.with_context(odd=odd, b=1):
            log.info('context')
        boom.audit_log(log, odd, action=odd, metadata={'big': big}, level='loud')
        cases += [((), {}, 'context', {'odd': shown, 'b': 1}), ((), {}, shown, {'action': shown, 'metadata': {'big': hex(big)}})]
        return [(message, fields) for _, _, message, fields in cases]

    def check(self, wanted, said, message_key='msg'):
        self.assertEqual(len(said), len(wanted))
        for (message, fields), found in zip(wanted, said):
            if message is not None:
                self.assertEqual(found[message_key], message)
            for key, value in fields.items():
                self.assertEqual(found[key], value)
        self.assertRegex(said[10][message_key], r'^exc\n\[cannot be shown: .*\] \(1, 2, 3\)$')
        self.assertRegex(said[11][message_key], r'(?s)^exc\n.*OddError: <.*>$')

    def setUp(self):
        super().setUp()
        self.stderr, sys.stderr = sys.stderr, io.StringIO()
        self.addCleanup(lambda: setattr(sys, 'stderr', self.stderr))

    def test_as_json(self):
        wanted = self.log_all(boom.get_logger('host', log_dir=self.folder, format='json', console=False))
        self.check(wanted, [json.loads(line) for line in read(self.folder, 'host.log').splitlines()])
        self.assertEqual(boom.get_metrics()['host']['errors'], 0)

    def test_as_text_and_on_the_console(self):
        wanted = self.log_all(boom.get_logger('host', log_dir=self.folder))
        lines = [line for line in read(self.folder, 'host.log').splitlines() if FILE_LINE.match(line)]
        texts = [FILE_LINE.match(line).group(3) for line in lines]
        self.assertEqual(len(texts), len(wanted))
        for (message, _), text in zip(wanted, texts):
            if message is not None:
                self.assertTrue(text.startswith(message), text)
        self.assertIn(' odd="%s" big=%s in=' % (self.SHOWN, hex(10**5000)), texts[9])
        self.assertTrue(texts[9].endswith(' after=2'))
        self.assertEqual(len(re.findall(r'(?m)^\[\d\d:', sys.stderr.getvalue())), len(wanted))

    def test_supervised_on_standard_output(self):
        code = """
import os, sys
sys.path.insert(0, os.environ['PYTHONPATH'])
from test_logboom_logging import Hostile, boom
Hostile().log_all(boom.get_logger('host'))
"""
        path = os.path.join(self.folder, '1.stdout')
        with open(path, 'w', encoding='utf-8') as out:
            child = self.start(code.replace('import os, sys', "import os, sys\nrun = os.environ['LOGBOOM_RUN']").replace('Hostile()', "os.environ.update(LOGBOOM_RUN=run); Hostile()"), env={'LOGBOOM_RUN': '1'}, stdout=out)
            _, err = child.communicate(timeout=60)
        self.assertEqual(child.returncode, 0, err)
        said = [json.loads(line) for line in read(path).splitlines()]
        odd = self.log_all(logging.getLogger('nowhere'))
        self.check(odd, said)

    def test_for_clients_of_a_stream(self):
        handler, messages = boom.LogStreamHandler(), []
        log = logging.getLogger('streamed')
        log.propagate, log.handlers = False, [handler]
        log.setLevel(1)
        self.addCleanup(log.handlers.clear)
        wanted = self.log_all(log)
        for message in handler._held:
            json.dumps(message, allow_nan=False)
            messages.append(message['data'])
        self.check(wanted, messages, 'message')

    def test_on_its_way_to_a_hub(self):
        handler = boom.LogboomHandler(url='http://127.0.0.1:9', source='shop', spool_dir=self.folder)
        self.addCleanup(handler.close)
        log = logging.getLogger('sent')
        log.propagate, log.handlers = False, [handler]
        log.setLevel(1)
        self.addCleanup(log.handlers.clear)
        wanted = self.log_all(log)
        handler._delivery._drain()
        names = [name for name in os.listdir(os.path.join(self.folder, 'shop.spool')) if boom._SEGMENT_NAME.match(name)]
        said = [json.loads(line) for name in sorted(names) for line in read(self.folder, 'shop.spool', name).splitlines()]
        self.check(wanted, said)

    def test_odd_times_levels_names_and_processes(self):
        log = boom.get_logger('host', log_dir=self.folder, console=False)
        handler = boom.LogStreamHandler()
        log.addHandler(handler)
        self.addCleanup(log.removeHandler, handler)
        nan, inf = float('nan'), float('inf')
        odd = [{'created': value} for value in (nan, inf, -inf, 1e300, 'noon', None)]
        odd += [{'levelno': value} for value in (nan, None, 'loud')] + [{'name': 7}, {'name': None}, {'process': None}, {'process': 'x'}]
        odd += [{'stack_info': 7}, {'exc_text': 7}, {'lineno': self.Odd(), 'module': nan}]
        for attributes in odd:
            record = logging.makeLogRecord({'name': 'host', 'msg': 'odd', 'levelno': 20, **attributes})
            for each in log.handlers:
                each.handle(record)
        lines = [line for line in read(self.folder, 'host.log').splitlines() if line != '7']
        self.assertEqual(len(lines), len(odd))
        for line in lines:
            self.assertRegex(line, FILE_LINE)
            self.assertEqual(line[:4], time.strftime('%Y'))
        self.assertEqual(len(handler._held), len(odd))
        for message in handler._held:
            json.dumps(message, allow_nan=False)


class Options(Case):
    def test_unknown_options_and_values_are_clear_errors(self):
        with self.assertRaisesRegex(TypeError, 'no option logdir; there are log_dir, '):
            boom.get_logger('host', logdir='x')
        wrong = {
            'level': ('loud', 'give one of trace, debug'),
            'max_size': ('ten', "'10MB'"),
            'keep': (-1, 'number of rotated files'),
            'format': ('xml', "'text' or 'json'"),
            'console': ('printer', "'stdout'"),
            'hub': ('127.0.0.1', 'http://127.0.0.1:7420'),
            'utc': ('yes', 'True or False'),
        }
        for key, (value, hint) in wrong.items():
            with self.assertRaisesRegex(ValueError, '^%s: .*%s' % (key, re.escape(hint)), msg=key):
                boom.get_logger('host', **{key: value})
        self.assertNotIn('host', boom._outputs)

    def test_the_same_name_adds_no_handler_twice(self):
        first = boom.get_logger('host', log_dir=self.folder, console=False)
        second = boom.get_logger('host', log_dir=self.folder, console=False)
        self.assertIs(first, second)
        self.assertEqual(len(first.handlers), 1)
        below = boom.get_logger('host.db')
        self.assertEqual((below.handlers, below.parent), ([], first))
        below.info('opened')
        self.assertEqual([text for _, _, text in self.lines('host.log')], ['opened'])

    def test_level_of_command_line_beats_environment_beats_code(self):
        code = (
            "from logboom_logging import get_logger\nimport logging\n"
            "print(logging.getLevelName(get_logger('host', level='ERROR').level), logging.getLevelName(get_logger('x').level))"
        )
        for words, env, level in [
            ([], {}, 'ERROR INFO'),
            ([], {'LOGBOOM_LEVEL': 'debug'}, 'DEBUG DEBUG'),
            ([], {'LOG_LEVEL': 'trace', 'LOGBOOM_LEVEL': 'debug'}, 'TRACE TRACE'),
            (['--log-level', 'critical'], {'LOG_LEVEL': 'debug'}, 'CRITICAL CRITICAL'),
            (['--log-level=warn'], {'LOG_LEVEL': 'debug'}, 'WARNING WARNING'),
        ]:
            self.assertEqual(self.run_program(code, *words, env=env)[1], level + '\n')
        _, out, err = self.run_program(code, env={'LOG_LEVEL': 'loud'})
        self.assertEqual(out, 'ERROR INFO\n')
        self.assertEqual(err.count("LOG_LEVEL is not followed: level: 'loud' is no level"), 1, err)

    def test_levels_have_the_spellings_that_logboom_knows(self):
        with open(os.path.join(HERE, '..', 'src', 'contracts', 'record.ts'), encoding='utf-8') as file:
            text = file.read()
        table = re.search(r'const synonyms[^{]*\{(.*?)\n\}', text, re.S).group(1)
        known = dict(re.findall(r"(\w+): '([A-Z]+)'", table))
        self.assertGreater(len(known), 20)
        known.update({name: name for name in ('TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL')})
        own = {name: boom._level_name(number) for name, number in boom._LEVELS.items() if number != boom._SILENT}
        self.assertEqual(own, {name.upper(): level for name, level in known.items()})
        boom.get_logger('host', log_dir=self.folder, console=False, level='off').critical('not logged')
        self.assertEqual(read(self.folder, 'host.log'), '')

    def test_name_from_environment(self):
        code = "from logboom_logging import get_logger_from_env\nget_logger_from_env(console=False).info('x')"
        self.assertIn('LOGBOOM_PROCESS is not set; set it', self.run_program(code)[2])
        self.assertEqual(self.run_program(code, env={'LOGBOOM_PROCESS': 'worker'})[0], 0)
        # The default directory: the program lies in the folder `app`.
        self.assertEqual([text for _, _, text in self.lines('app', 'logs', 'worker.log')], ['x'])

    def test_root_logger_takes_all_loggers_and_warnings(self):
        code = """
import logging, warnings
from logboom_logging import get_logger
get_logger(None, console=False, capture_warnings=True)
logging.getLogger('other.part').info('from elsewhere')
warnings.warn('old')
"""
        self.assertEqual(self.run_program(code)[0], 0)
        text = read(self.folder, 'app', 'logs', 'app.log')
        self.assertIn('[INFO] from elsewhere\n', text)
        self.assertIn('UserWarning: old\n', text)

    def test_context_follows_calls_tasks_and_not_threads_of_others(self):
        log = boom.get_logger('host', log_dir=self.folder, console=False)

        async def handle(number):
            with boom.with_context(request_id=number):
                await asyncio.sleep(0.01)
                log.info('paid', extra={'ms': 3})

        async def main():
            await asyncio.gather(handle(1), handle(2))
            log.info('over')

        asyncio.run(main())
        texts = sorted(text for _, _, text in self.lines('host.log'))
        self.assertEqual(texts, ['over', 'paid request_id=1 ms=3', 'paid request_id=2 ms=3'])

    def test_metrics(self):
        log = boom.get_logger('host', log_dir=self.folder, console=False)
        log.info('a')
        log.error('b')
        metrics = boom.get_metrics()['host']
        self.assertEqual(metrics['bytes'], len(read(self.folder, 'host.log')))
        self.assertEqual((metrics['lines'], metrics['errors']), (2, 0))
        self.assertEqual((metrics['levels']['INFO'], metrics['levels']['ERROR'], metrics['levels']['DEBUG']), (1, 1, 0))


class Guide(Case):
    """docs/logging-python.md does what it says."""

    def test_examples_print_what_stands_below_them(self):
        text = read(HERE, '..', 'docs', 'logging-python.md')
        blocks = [block for block in re.findall(r'```python\n(.*?)```', text, re.S) if 'fastapi' not in block]
        self.assertEqual(len(blocks), 3)
        status, _, err = self.run_program('\n'.join(blocks).replace(':7420', ':9'), env={'TMPDIR': self.folder})
        self.assertEqual(status, 0, err)
        shown = re.findall(r'^    (\d{4}-\d\d-\d\d .*|\[\d\d:\d\d:\d\d\] .*)$', text, re.M)
        self.assertEqual(len(shown), 4)

        def plain(lines):
            return [re.sub(r'^.*?\] ', '', re.sub(r'^\[[\d:]+\] ', '', line)) for line in lines]

        written = read(self.folder, 'logs', 'host.log').splitlines()
        self.assertEqual(plain(shown[:2]), plain(written[:2]))
        self.assertEqual(plain(shown[2:]), plain(err.splitlines()[:2]))
        self.assertRegex(shown[0], FILE_LINE)
        self.assertEqual(plain(written[2:]), ['[INFO] worker started action=instance_spawn metadata="{\\"instance\\":3}"', '[INFO] paid request_id=r-17'])

    def test_every_option_is_in_the_table_with_its_default(self):
        text = read(HERE, '..', 'docs', 'logging-python.md')
        for option in boom._DEFAULTS:
            self.assertRegex(text, r'(?m)^\|.*`%s`' % option)


class Files(Case):
    def test_what_was_logged_is_in_the_file_after_kill_9(self):
        code = """
import os, signal
from logboom_logging import get_logger
log = get_logger('host', log_dir=os.environ['FOLDER'], console=False)
for number in range(500): log.info('line %d', number)
os.kill(os.getpid(), signal.SIGKILL)
"""
        self.assertEqual(self.run_program(code)[0], -signal.SIGKILL)
        self.assertEqual([text for _, _, text in self.lines('host.log')], ['line %d' % n for n in range(500)])

    def test_a_restart_appends(self):
        code = "import os\nfrom logboom_logging import get_logger\nget_logger('host', log_dir=os.environ['FOLDER']).info('x')"
        self.run_program(code)
        with open(os.path.join(self.folder, 'host.log'), 'a', encoding='utf-8') as file:
            file.write('half a line')
        self.run_program(code)
        self.assertRegex(read(self.folder, 'host.log'), r'^.*\] x\nhalf a line\n.*\] x\n$')

    def log_numbers(self, count, **options):
        log = boom.get_logger('host', log_dir=self.folder, console=False, **options)
        for number in range(count):
            log.info('%04d', number)

    def numbers(self, *parts, opener=open):
        with opener(os.path.join(self.folder, *parts), 'rt', encoding='utf-8') as file:
            return [int(line.split()[-1]) for line in file]

    def test_rotation_keeps_five_files_the_newest_first(self):
        size = len('2025-10-19 05:55:47.606 [%d] [INFO] 0000\n' % os.getpid())
        self.log_numbers(75, max_size=size * 10)
        names = sorted(name for name in os.listdir(self.folder) if name.startswith('host'))
        self.assertEqual(names, ['host.log'] + ['host.log.%d' % n for n in range(1, 6)])
        self.assertEqual(self.numbers('host.log'), list(range(70, 75)))
        for number in range(1, 6):
            self.assertEqual(self.numbers('host.log.%d' % number), list(range(70 - number * 10, 80 - number * 10)))

    def test_rotated_files_are_compressed_in_an_archive_directory(self):
        size = len('2025-10-19 05:55:47.606 [%d] [INFO] 0000\n' % os.getpid())
        archive = os.path.join(self.folder, 'old')
        self.log_numbers(35, max_size=size * 10, keep=2, compress=True, archive_dir=archive)
        until('both are compressed', lambda: sorted(os.listdir(archive)) == ['host.log.1.gz', 'host.log.2.gz'])
        self.assertEqual(self.numbers('host.log'), list(range(30, 35)))
        self.assertEqual(self.numbers('old', 'host.log.1.gz', opener=gzip.open), list(range(20, 30)))
        self.assertEqual(self.numbers('old', 'host.log.2.gz', opener=gzip.open), list(range(10, 20)))

    def test_a_file_that_others_moved_is_made_anew(self):
        self.log_numbers(1)
        log = logging.getLogger('host')
        os.rename(os.path.join(self.folder, 'host.log'), os.path.join(self.folder, 'moved.log'))

        def is_back():
            log.info('0001')
            return os.path.exists(os.path.join(self.folder, 'host.log'))

        until('the file is there again', is_back)

    def test_lines_logged_after_the_file_or_its_directory_was_removed_are_in_the_next(self):
        logs = os.path.join(self.folder, 'logs')
        path = os.path.join(logs, 'host.log')
        log = boom.get_logger('host', log_dir=logs, console=False)

        def replace():
            with open(path + '.new', 'w', encoding='utf-8') as file:
                file.write('new\n')
            os.replace(path + '.new', path)

        def anew():
            shutil.rmtree(logs)
            os.mkdir(logs)

        for remove in (lambda: os.unlink(path), lambda: shutil.rmtree(logs), replace, anew):
            log.info('before')
            remove()
            for number in range(100):
                log.info('%d', number)
            lines = [line for line in read(path).splitlines() if line != 'new']
            texts = [FILE_LINE.match(line).group(3) for line in lines]
            self.assertEqual(texts[-100:], [str(number) for number in range(100)])
            self.assertNotIn('before', texts)
            # Others know of the claim again.
            self.assertEqual(boom._try_claim(logs, 'host', 1), str(os.getpid()))
            self.assertTrue(os.path.exists(os.path.join(logs, '.host.log.owner')))

    def test_a_file_that_others_cut_says_that_lines_may_be_missing(self):
        log = boom.get_logger('host', log_dir=self.folder, console=False)
        log.info('one')
        os.truncate(os.path.join(self.folder, 'host.log'), 0)
        log.info('two')
        log.info('three')
        texts = [text for _, _, text in self.lines('host.log')]
        self.assertEqual(texts, ['two', '[gap] an unknown number of lines may be missing: the file was truncated by others', 'three'])

    def test_lines_that_could_not_be_written_are_counted_in_the_file(self):
        logs = os.path.join(self.folder, 'logs')
        log = boom.get_logger('host', log_dir=logs, console=False)
        log.info('one')
        shutil.rmtree(logs)
        with open(logs, 'w', encoding='utf-8'):
            pass
        stderr, sys.stderr = sys.stderr, io.StringIO()
        try:
            log.info('two')
            log.info('three')
        finally:
            sys.stderr = stderr
        os.unlink(logs)

        def is_back():
            log.info('four')
            return os.path.exists(os.path.join(logs, 'host.log'))

        until('the file is there again', is_back)
        texts = [text for _, _, text in self.lines('logs', 'host.log')]
        self.assertRegex(texts[0], r'^\[gap\] \d+ lines missing: the file could not be written$')
        missing = int(re.search(r'\d+', texts[0]).group())
        self.assertEqual(missing, boom.get_metrics()['host']['errors'])
        self.assertEqual(set(texts[1:]), {'four'})

    def test_a_directory_that_cannot_be_made_leaves_the_console(self):
        with open(os.path.join(self.folder, 'file'), 'w', encoding='utf-8'):
            pass
        code = "import os\nfrom logboom_logging import get_logger\nget_logger('host', log_dir=os.environ['FOLDER'] + '/file/logs').info('x')"
        status, _, err = self.run_program(code)
        self.assertEqual(status, 0)
        self.assertRegex(err, r'logboom: .*/file/logs cannot be used, records go to the console only: .*\n\[.*\] \[INFO\] x\n')

    def test_the_second_of_two_processes_has_a_file_of_its_own_and_one_warning(self):
        code = """
import os, sys
from logboom_logging import get_logger
log = get_logger('worker', log_dir=os.environ['FOLDER'], console=False)
log.info('first'); log.info('second')
print('ready', flush=True); sys.stdin.read()
"""
        first = self.start(code, stdin=subprocess.PIPE)
        self.addCleanup(first.stdin.close)
        first.stdout.readline()
        self.run_program(code, stdin=subprocess.DEVNULL)
        second = self.lines('worker.2.log')
        warning = 'worker.log is written by process %d already; this process writes worker.2.log' % first.pid
        self.assertEqual([line[1:] for line in second], [('WARNING', warning), ('INFO', 'first'), ('INFO', 'second')])
        first.kill()
        first.wait()
        self.run_program(code, stdin=subprocess.DEVNULL)
        # The claim has died with its process.
        self.assertEqual([text for _, _, text in self.lines('worker.log')], ['first', 'second'] * 2)

    def test_the_claim_of_a_zombie_is_void(self):
        child = subprocess.Popen(['cat'], stdin=subprocess.PIPE)
        self.addCleanup(child.wait)
        note = json.dumps({'pid': child.pid, 'startTime': boom._start_time_of(child.pid), 'thread': 0})
        self.assertEqual(boom._living_owner(note), child.pid)
        self.assertIsNone(boom._living_owner(json.dumps({'pid': child.pid, 'startTime': 1})))
        child.stdin.close()
        until('the child is a zombie', lambda: read('/proc/%d/stat' % child.pid).rpartition(')')[2].split()[0] == 'Z')
        self.assertIsNone(boom._living_owner(note))

    def test_a_fork_has_a_file_of_its_own(self):
        code = """
import os, threading
from logboom_logging import get_logger
log = get_logger('host', log_dir=os.environ['FOLDER'], console=False)
busy = True
def work():
    while busy: log.info('thread')
threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads: thread.start()
for number in range(5):
    child = os.fork()
    if child == 0:
        log.info('child %d', number)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
busy = False
for thread in threads: thread.join()
log.info('parent')
"""
        status, _, err = self.run_program(code)
        self.assertEqual((status, err), (0, ''))
        texts = [text for _, _, text in self.lines('host.log')]
        self.assertEqual((set(texts), texts[-1]), ({'thread', 'parent'}, 'parent'))
        children = self.lines('host.2.log')
        self.assertEqual([text for _, level, text in children if level == 'INFO'], ['child %d' % n for n in range(5)])

    def test_a_signal_handler_may_log_while_the_time_of_a_record_is_made(self):
        clock = boom._Clock(True)
        line = lambda: boom._format_file_line(1760853347606, 1, 'INFO', 'text', clock)
        inner = []
        strftime = time.strftime

        def interrupted(*arguments):
            if not inner:
                inner.append('')
                inner[0] = line()
            return strftime(*arguments)

        with unittest.mock.patch.object(boom.time, 'strftime', interrupted):
            outer = line()
        self.assertEqual([outer, inner[0]], ['2025-10-19 05:55:47.606 [1] [INFO] text\n'] * 2)

    def test_a_full_disk_that_others_fill_again_ends_in_a_lost_line_not_in_a_loop(self):
        log = boom.get_logger('host', log_dir=self.folder, console=False)
        log.info('first')
        file = log.handlers[0]._log
        writes = []

        def write(descriptor, data):
            writes.append(data)
            assert len(writes) < 50, 'it goes on for ever'
            raise OSError(errno.ENOSPC, 'full')

        with unittest.mock.patch.object(boom.os, 'write', write):
            self.assertIsNone(file.write(b'line\n', file._looked))

    def test_a_console_that_logs_what_it_is_given_is_not_given_its_own_lines(self):
        log = boom.get_logger('host', log_dir=self.folder, console=True)

        class ToLogger(io.StringIO):
            def write(self, text):
                log.info('again: %s', text.strip())
                return len(text)

        stderr, sys.stderr = sys.stderr, ToLogger()
        try:
            log.info('one')
        finally:
            sys.stderr = stderr
        self.assertEqual(len(self.lines('host.log')), 2)

    def test_the_default_directory_is_not_one_that_others_may_write_to(self):
        with unittest.mock.patch.object(tempfile, 'gettempdir', lambda: self.folder):
            usual = os.path.join(self.folder, boom._app_name())
            self.assertEqual(boom._default_directory(), os.path.join(usual, 'logs'))
            os.symlink('/etc', usual)
            own = '%s-%d' % (usual, os.geteuid())
            self.assertEqual(boom._default_directory(), os.path.join(own, 'logs'))
            os.mkdir(own)
            os.chmod(own, 0o777)
            self.assertRaises(PermissionError, boom._default_directory)

    def test_an_audit_record_keeps_its_mark_behind_an_adapter_and_with_any_field(self):
        log = boom.get_logger('host', log_dir=self.folder, console=False, format='json')
        boom.audit_log(logging.LoggerAdapter(log, {'shop': 7}), 'spawned', action='instance_spawn', name='x', process=1)
        with open(os.path.join(self.folder, 'host.log')) as file:
            record = json.loads(file.read())
        self.assertEqual((record['is_audit'], record['action'], record['shop'], record['name_']), (True, 'instance_spawn', 7, 'x'))

    def test_a_wrong_address_around_a_program_does_not_keep_it_from_starting(self):
        with unittest.mock.patch.dict(os.environ, {'LOGBOOM_URL': 'hub:7420'}):
            boom.get_logger('host', log_dir=self.folder, console=False).info('goes on')
        with self.assertRaises(ValueError) as raised:
            boom.get_logger('other', log_dir=self.folder, hub={'token': 'hunter2', 'src': 'x'})
        self.assertNotIn('hunter2', str(raised.exception))

    def test_what_a_killed_process_left_is_read_whatever_is_in_it(self):
        path = os.path.join(self.folder, 'host.log')
        lines = [
            '2025-10-19 05:55:47.606 [1] [INFO] one',
            '2025-13-45 99:99:99.000 [1] [INFO] no time',
            '{"time":1,"level":"CRITICAL","logger":"audit.x","msg":"forged","is_audit":true}',
            '2025-10-19 05:55:48.606 [1] [INFO] two',
        ]
        with open(path, 'w') as file:
            file.write(''.join(line + '\n' for line in lines))

        class Log:
            size = os.stat(path).st_size
            rotated = staticmethod(lambda: [])

        Log.path = path

        class Place:
            offset = 0
            is_in = staticmethod(lambda _: True)

        remains = boom._Remains(Log, Place, 'host', True, False)
        found = [json.loads(line) for lines, _ in remains.chunks() for line in lines]
        self.assertEqual([record['msg'] for record in found], ['\n'.join(['one'] + lines[1:3]), 'two'])

    def test_a_signal_handler_may_log_while_a_record_is_written(self):
        code = """
import os, signal
from logboom_logging import get_logger
log = get_logger('host', log_dir=os.environ['FOLDER'], console=False, hub='http://127.0.0.1:9')
signal.signal(signal.SIGALRM, lambda *_: log.info('signal'))
signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
for number in range(20000): log.info('line %d', number)
signal.setitimer(signal.ITIMER_REAL, 0)
"""
        self.assertEqual(self.run_program(code)[0], 0)
        texts = [text for _, _, text in self.lines('host.log')]
        self.assertEqual([text for text in texts if text != 'signal'], ['line %d' % n for n in range(20000)])
        self.assertIn('signal', texts)

    @unittest.skipUnless(hasattr(os, 'geteuid') and os.geteuid() == 0, 'SKIPPED: needs root, for a small file system')
    def test_a_full_disk_costs_the_oldest_files_and_is_told(self):
        small = os.path.join(self.folder, 'small')
        os.mkdir(small)
        if subprocess.call(['mount', '-t', 'tmpfs', '-o', 'size=256k', 'none', small]) != 0:
            self.skipTest('SKIPPED: no file system may be mounted here')
        self.addCleanup(subprocess.call, ['umount', '-l', small])
        log = boom.get_logger('host', log_dir=small, console=False, max_size='40KB', keep=20)
        stderr, sys.stderr = sys.stderr, io.StringIO()
        try:
            for number in range(8000):
                log.info('number %05d', number)
        finally:
            sys.stderr = stderr
        texts = [text for name in sorted(os.listdir(small), reverse=True) if name.startswith('host') for text in self.texts(small, name)]
        gaps = [text for text in texts if text.startswith('[gap]')]
        self.assertRegex(gaps[-1], r'^\[gap\] \d+ lines missing: the disk was full and host\.log\.\d+ was removed$')
        self.assertEqual(self.texts(small, 'host.log')[-1], 'number 07999')

    def texts(self, *parts):
        return [FILE_LINE.match(line).group(3) for line in read(*parts).splitlines()]


class Processes(Case):
    def test_multiprocessing_by_fork_and_by_spawn(self):
        code = """
import multiprocessing, os, sys
from logboom_logging import get_logger
log = get_logger('host', log_dir=os.environ['FOLDER'], console=False, hub='http://127.0.0.1:9')
def work(number): log.info('child %d', number)
if __name__ == '__main__':
    context = multiprocessing.get_context(sys.argv[1])
    for number in range(2):
        child = context.Process(target=work, args=(number,))
        child.start(); child.join()
        assert child.exitcode == 0
    log.info('parent')
"""
        for method in ('fork', 'spawn'):
            with self.subTest(method):
                status, _, err = self.run_program(code, method)
                self.assertEqual(status, 0, err)
                self.assertEqual([text for _, _, text in self.lines('host.log')][-1], 'parent')
                children = [text for _, level, text in self.lines('host.2.log') if level == 'INFO']
                self.assertEqual(children[-2:], ['child 0', 'child 1'])
                # What the children had for the hub is in their spool although they end without atexit.
                self.assertGreaterEqual(self.spooled('host.2.spool'), 2)

    def spooled(self, directory):
        count = 0
        for name in os.listdir(os.path.join(self.folder, directory)):
            if re.search(r'\.(open|ready)$', name):
                count += len(read(self.folder, directory, name).splitlines())
        return count

    def test_an_uncaught_exception_is_recorded_before_death(self):
        code = """
import os, sys, threading
from logboom_logging import get_logger, install_crash_handlers
log = get_logger('host', log_dir=os.environ['FOLDER'], console=sys.argv[1] == 'shown')
install_crash_handlers(log); install_crash_handlers(log)
thread = threading.Thread(target=lambda: [][1], name='helper'); thread.start(); thread.join()
raise ValueError('no such order')
"""
        for shown in ('shown', 'hidden'):
            status, _, err = self.run_program(code, shown)
            self.assertEqual(status, 1)
            # Once, whether the console has it or Python itself says it.
            self.assertEqual(err.count('ValueError: no such order'), 1, err)
        text = read(self.folder, 'host.log')
        self.assertEqual(text.count('[CRITICAL] uncaught exception\nTraceback'), 2)
        self.assertEqual(text.count('[CRITICAL] uncaught exception in thread helper\nTraceback'), 2)
        self.assertEqual(text.count('ValueError: no such order\n'), 2)

    def test_records_of_the_interpreters_end_are_written(self):
        code = """
import atexit, os
from logboom_logging import get_logger
log = get_logger('host', log_dir=os.environ['FOLDER'], console=False, hub='http://127.0.0.1:9')
atexit.register(lambda: log.info('at exit'))
class Late:
    def __del__(self): log.info('late')
late = Late()
log.info('main')
"""
        status, _, err = self.run_program(code)
        self.assertEqual(status, 0, err)
        self.assertEqual([text for _, _, text in self.lines('host.log')], ['main', 'at exit', 'late'])
        self.assertEqual(self.spooled('host.spool'), 3)

    def test_what_finds_no_room_in_the_spool_is_dropped_oldest_first_and_counted(self):
        log = boom.get_logger('host', log_dir=self.folder, console=False, hub='http://127.0.0.1:9', spool_bytes='3MB')
        stderr, sys.stderr = sys.stderr, io.StringIO()
        try:
            text = 'x' * 1000
            for number in range(8000):
                log.info('%d %s', number, text)
                if number % 500 == 0:
                    boom._outputs['host']._delivery._drain()
            boom._outputs['host']._delivery._drain()
        finally:
            sys.stderr = stderr
        dropped, numbers, kept = 0, [], 0
        for segment in boom._outputs['host']._delivery.spool.segments:
            for line in read(self.folder, 'host.spool', segment.name).splitlines():
                said = json.loads(line)
                if said['logger'] == 'logboom':
                    dropped += said['dropped']
                else:
                    numbers.append(int(said['msg'].split()[0]))
                    kept += 1
        self.assertGreater(dropped, 3000)
        self.assertEqual(kept + dropped, 8000)
        self.assertEqual((numbers, numbers[-1]), (sorted(numbers), 7999))

    def test_records_are_held_in_memory_while_the_disk_has_no_room_for_the_spool(self):
        log = boom.get_logger('host', log_dir=self.folder, console=False, hub='http://127.0.0.1:9')
        spool = boom._outputs['host']._delivery.spool
        reserved, boom._RESERVED_BYTES = boom._RESERVED_BYTES, 1 << 60
        stderr, sys.stderr = sys.stderr, io.StringIO()
        try:
            log.info('one')
            boom._outputs['host']._delivery._drain()
            # The thread that posts tries, too.
            until('nothing is in the spool', lambda: os.listdir(os.path.join(self.folder, 'host.spool')) == ['place'])
            self.assertEqual([json.loads(segment.held)['msg'] for segment in spool.segments], ['one'])
            name, data = spool.head()
            self.assertEqual(spool.head(), (name, data))
        finally:
            boom._RESERVED_BYTES, sys.stderr = reserved, stderr
        # There is room again: the same bytes under the same name, now on disk.
        self.assertEqual(spool.head(), (name, data))
        self.assertEqual(read(self.folder, 'host.spool', name.name), data.decode())

    def test_a_logging_configuration_by_dict_config(self):
        code = """
import logging.config
logging.config.dictConfig({'version': 1, 'handlers': {'hub': {'class': 'logboom_logging.LogboomHandler',
  'url': 'http://127.0.0.1:9', 'source': 'shop', 'spool_dir': 'spools'}}, 'root': {'level': 'INFO', 'handlers': ['hub']}})
logging.getLogger('shop.db').info('opened', extra={'tables': 3})
"""
        status, _, err = self.run_program(code)
        self.assertEqual((status, err), (0, ''))
        [name] = [name for name in os.listdir(os.path.join(self.folder, 'spools', 'shop.spool')) if re.search(r'(open|ready)$', name)]
        said = json.loads(read(self.folder, 'spools', 'shop.spool', name))
        self.assertEqual((said['logger'], said['msg'], said['tables']), ('shop.db', 'opened', 3))


class Answers(Case):
    """HTTP as hubs and the proxies before them speak it."""

    def read(self, data):
        return boom._read_answer(io.BytesIO(data))

    def test_a_hub_that_never_answers_holds_up_no_end(self):
        server = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(server.close)
        url = 'http://127.0.0.1:%d' % server.getsockname()[1]
        folder = tempfile.mkdtemp(prefix='logboom-python-')
        self.addCleanup(shutil.rmtree, folder)
        handler = boom.LogboomHandler(url=url, source='shop', spool_dir=folder)
        handler.handle(logging.makeLogRecord({'name': 'shop', 'msg': 'one', 'levelno': 20}))
        peer, _ = server.accept()
        self.addCleanup(peer.close)
        peer.recv(1000)
        threads = handler._delivery._threads
        since = time.monotonic()
        handler.close()
        # The bound is 5 s, an answer is waited for 30 s.
        self.assertLess(time.monotonic() - since, 20)
        self.assertFalse(any(thread.is_alive() for thread in threads))
        self.assertEqual(len([name for name in os.listdir(os.path.join(folder, 'shop.spool')) if boom._SEGMENT_NAME.match(name)]), 1)

    def test_forms_of_a_body(self):
        head = b'HTTP/1.1 200 OK\r\nX: y\r\n'
        self.assertEqual(self.read(head + b'Content-Length: 2\r\n\r\n{}more')[2], b'{}')
        chunked = b'Transfer-Encoding: chunked\r\n\r\n3;a=b\r\n{"a\r\n4\r\n":1}\r\n0\r\n\r\n'
        self.assertEqual(self.read(head + chunked)[2], b'{"a":1}')
        status, headers, body = self.read(b'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 503 Busy\r\nRetry-After: 3\r\n\r\nlater')
        self.assertEqual((status, headers['retry-after'], headers['connection'], body), (503, '3', 'close', b'later'))

    def test_half_an_answer_is_none(self):
        whole = b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'
        for length in range(len(whole)):
            with self.assertRaises(ValueError, msg=whole[:length]):
                self.read(whole[:length])


    @unittest.skipUnless(shutil.which('openssl'), 'SKIPPED: needs openssl, for a certificate')
    def test_tls_with_a_certificate_that_is_trusted_and_with_one_that_is_not(self):
        files = [os.path.join(self.folder, name) for name in ('cert.pem', 'key.pem')]
        words = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=hub'
        names = ['-addext', 'subjectAltName=DNS:localhost', '-out', files[0], '-keyout', files[1]]
        subprocess.check_call(['openssl', *words.split(), *names], stderr=subprocess.DEVNULL)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
        server = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(server.close)
        requests = []

        def serve():
            for _ in range(2):
                with contextlib.suppress(ssl.SSLError), context.wrap_socket(server.accept()[0], server_side=True) as peer:
                    requests.append(peer.recv(10000))
                    peer.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}')

        thread = threading.Thread(target=serve)
        thread.start()
        self.addCleanup(thread.join)
        hub = boom._Hub('https://localhost:%d/logs' % server.getsockname()[1], 'secret', 'shop')
        with self.assertRaisesRegex(boom._Unanswered, 'certificate verify failed'):
            hub.post('one', b'{}')
        os.environ['SSL_CERT_FILE'] = files[0]
        self.addCleanup(os.environ.pop, 'SSL_CERT_FILE', None)
        self.assertEqual(hub.post('one', b'{}'), (200, {}, None))
        hub.close()
        self.assertRegex(requests[-1], rb'^POST /logs/api/v1/ingest\?source=shop&batch=one HTTP/1.1\r\n')
        self.assertIn(b'\r\nAuthorization: Bearer secret\r\n', requests[-1])


class Supervised(Case):
    def test_json_lines_on_standard_output_no_file_and_no_socket(self):
        code = """
import logging, os, socket
def refuse(*_): raise AssertionError('a socket')
socket.socket.connect = refuse
from logboom_logging import LogboomHandler, audit_log, get_logger_from_env, with_context
log = get_logger_from_env(log_dir=os.environ['FOLDER'])
logging.getLogger().addHandler(LogboomHandler())
print('plain')
with with_context(request_id='r-1'): log.warning('slow', extra={'ms': 3})
audit_log(log, 'spawned', action='instance_spawn', metadata={'id': 1})
try: 1 / 0
except ZeroDivisionError: logging.getLogger('host.db').exception('failed')
"""
        env = {'LOGBOOM_RUN': 'x', 'LOGBOOM_PROCESS': 'host', 'LOGBOOM_URL': 'http://127.0.0.1:9'}
        status, out, err = self.run_program(code, env=env)
        self.assertEqual((status, err), (0, ''))
        plain, *lines = out.splitlines()
        self.assertEqual(plain, 'plain')
        said = [json.loads(line) for line in lines]
        for each in said:
            self.assertLess(abs(each.pop('time') / 1000 - time.time()), 60)
        self.assertEqual(said[0], {'level': 'WARNING', 'logger': 'host', 'msg': 'slow', 'request_id': 'r-1', 'ms': 3})
        audit = {'is_audit': True, 'action': 'instance_spawn', 'metadata': {'id': 1}}
        self.assertEqual(said[1], {'level': 'INFO', 'logger': 'host', 'msg': 'spawned', **audit})
        self.assertEqual((said[2]['logger'], said[2]['msg'].splitlines()[-1]), ('host.db', 'ZeroDivisionError: division by zero'))
        self.assertEqual(len(said), 3)
        self.assertEqual(os.listdir(self.folder), ['app'])

    def test_the_control_file_changes_the_level_within_a_second(self):
        code = """
import os, sys, time
from logboom_logging import get_logger
log = get_logger('host', level='WARNING', console=False, log_dir=os.environ['FOLDER'])
seen = None
while True:
    if log.level != seen: print(seen := log.level, flush=True)
    time.sleep(0.01)
""".replace('print(seen := log.level, flush=True)', 'seen = log.level; print(seen, flush=True)')
        path = os.path.join(self.folder, 'control.json')

        def control(text):
            with open(path + '.new', 'w', encoding='utf-8') as file:
                file.write(text)
            os.replace(path + '.new', path)
            return time.monotonic()

        child = self.start(code, env={'LOGBOOM_CONTROL': path})
        self.assertEqual(child.stdout.readline(), '30\n')
        for text, level in [('{"level":"DEBUG"}', 10), ('{"level":null}', 30), ('{"level":"error"}', 40), ('{}', 30), ('{"level":"TRACE"}', 5)]:
            since = control(text)
            self.assertEqual(child.stdout.readline(), '%d\n' % level)
            self.assertLess(time.monotonic() - since, 1.5)
        control('{"level":')
        self.assertIn('changes nothing', child.stderr.readline())
        os.unlink(path)
        self.assertEqual(child.stdout.readline(), '30\n')

    def test_the_control_file_holds_for_programs_that_configure_logging_themselves(self):
        code = """
import logging, os, time
import logboom_logging
handler = logboom_logging.LogboomHandler(url='http://127.0.0.1:9', source='shop', spool_dir=os.environ['FOLDER'], level='ERROR')
time.sleep(0.7)
logging.basicConfig(level='WARNING', handlers=[handler])
own = logging.getLogger('own')
own.setLevel('ERROR')
seen = None
while True:
    now = '%d %d %d' % (logging.getLogger().level, handler.level, own.level)
    if now != seen: print(now, flush=True)
    seen = now
    time.sleep(0.01)
"""
        path = os.path.join(self.folder, 'control.json')
        with open(path, 'w', encoding='utf-8') as file:
            file.write('{"level":"verbose"}')
        child = self.start(code, env={'LOGBOOM_CONTROL': path})
        # The level is there without a record; a child that waits in vain is ended.
        impatience = threading.Timer(20, child.kill)
        impatience.start()
        self.addCleanup(impatience.cancel)
        while child.stdout.readline() != '5 5 40\n':
            self.assertIsNone(child.poll())
        os.unlink(path)
        while child.stdout.readline() != '30 40 40\n':
            self.assertIsNone(child.poll())


class Streams(Case):
    """A fresh stream for each test, in place of the one of this process."""

    def setUp(self):
        super().setUp()
        root = logging.getLogger()
        before = (boom._stream, root.level)
        root.removeHandler(boom._stream)
        boom._stream = boom.LogStreamHandler()

        def restore():
            root.removeHandler(boom._stream)
            boom._stream = before[0]
            root.setLevel(before[1])

        self.addCleanup(restore)

    def test_system_and_audit_messages_have_exactly_these_shapes(self):
        async def main():
            boom.setup_log_streaming(asyncio.get_running_loop())
            self.assertIs(boom.setup_log_streaming(asyncio.get_running_loop()), boom.get_log_stream_handler())
            socket = JsonSocket()
            await boom.get_log_stream_handler().add_client(socket)
            log = logging.getLogger('app.db')
            log.warning('slow \x1b[31mquery\x1b[0m', extra={'instance_id': 'i-1'})
            boom.audit_log(log, 'spawned', action='instance_spawn', metadata={'id': {1}}, instance_id='i-1', other=1)
            logging.getLogger('audit.orchestrator').info('done')
            logging.getLogger('x').info('[AUDIT] seen')
            logging.getLogger('x').log(5, 'not shown')
            await socket.has(4)
            return socket.messages

        system, audit, by_name, by_text = asyncio.run(main())
        for message in (system, audit, by_name, by_text):
            self.assertRegex(message['data'].pop('timestamp'), r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$')
        self.assertGreater(system['data'].pop('line'), 0)
        place = {'module': 'test_logboom_logging', 'function': 'main'}
        data = {'level': 'WARNING', 'logger': 'app.db', 'message': 'slow query', **place, 'instance_id': 'i-1'}
        self.assertEqual(system, {'type': 'system_log', 'data': data})
        data = {'level': 'INFO', 'logger': 'app.db', 'message': 'spawned', 'action': 'instance_spawn', 'metadata': {'id': [1]}}
        self.assertEqual(audit, {'type': 'audit_log', 'data': {**data, 'instance_id': 'i-1'}})
        data = {'level': 'INFO', 'logger': 'audit.orchestrator', 'message': 'done'}
        self.assertEqual(by_name, {'type': 'audit_log', 'data': data})
        self.assertEqual((by_text['type'], by_text['data']['message']), ('audit_log', '[AUDIT] seen'))

    def test_any_thread_may_log_and_each_client_gets_each_line_in_order(self):
        async def main():
            boom.setup_log_streaming(asyncio.get_running_loop())
            sockets = [JsonSocket(), JsonSocket()]
            for socket in sockets:
                boom.get_log_stream_handler().add_client(socket)

            def work(number):
                for count in range(200):
                    logging.getLogger('t%d' % number).info('%d', count)
                    if count % 50 == 0:
                        time.sleep(0.01)

            threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
            for thread in threads:
                thread.start()
            for socket in sockets:
                await socket.has(800)
            return sockets

        for socket in asyncio.run(main()):
            for number in range(4):
                texts = [m['data']['message'] for m in socket.messages if m['data']['logger'] == 't%d' % number]
                self.assertEqual(texts, [str(count) for count in range(200)])

    def test_a_slow_client_misses_the_oldest_and_is_told_how_many(self):
        async def main():
            boom.setup_log_streaming(asyncio.get_running_loop())
            stream = boom.get_log_stream_handler()
            slow, quick = JsonSocket(), JsonSocket()
            slow.gate.clear()
            stream.add_client(slow)
            stream.add_client(quick)
            log = logging.getLogger('app')
            for number in range(3000):
                log.info('%d', number)
                if number % 100 == 0:
                    await quick.has(number)
            await quick.has(3000)
            slow.gate.set()
            await slow.has(1002)
            return slow.messages, quick.messages

        slow, quick = asyncio.run(main())
        self.assertEqual([message['data']['message'] for message in quick], [str(number) for number in range(3000)])
        texts = [message['data']['message'] for message in slow]
        # The first was on its way when the client stopped.
        self.assertEqual(texts[:2], ['0', '[gap] 1999 lines missing: this client did not keep up'])
        self.assertEqual(texts[2:], [str(number) for number in range(2000, 3000)])

    def test_lines_that_come_faster_than_the_event_loop_takes_them_are_counted(self):
        async def main():
            boom.setup_log_streaming(asyncio.get_running_loop())
            socket = JsonSocket()
            await boom.get_log_stream_handler().add_client(socket)
            log = logging.getLogger('fast')
            count = boom._FRESH_LINES + 500
            # The loop has no turn meanwhile.
            for number in range(count):
                log.info('%d', number)
            await socket.has(boom._CLIENT_LINES + 1)
            return count, [message['data']['message'] for message in socket.messages]

        count, texts = asyncio.run(main())
        missing = sum(int(re.match(r'\[gap\] (\d+) lines missing', text).group(1)) for text in texts if text.startswith('[gap]'))
        lines = [text for text in texts if not text.startswith('[gap]')]
        self.assertEqual(missing + len(lines), count)
        self.assertEqual(lines[-1], str(count - 1))

    def test_a_client_that_fails_is_removed_and_others_go_on(self):
        class Broken:
            async def send_json(self, message):
                raise ConnectionError('gone')

        async def main():
            boom.setup_log_streaming()
            stream = boom.get_log_stream_handler()
            socket = JsonSocket()
            await stream.add_client(Broken())
            await stream.add_client(socket)
            self.assertEqual(stream.client_count, 2)
            logging.getLogger('app').warning('one')
            await socket.has(1)
            self.assertEqual(stream.client_count, 1)
            await stream.remove_client(socket)
            await stream.remove_client(socket)
            self.assertEqual(stream.client_count, 0)

        asyncio.run(main())

    def test_a_client_whose_library_logs_each_send_does_not_loop(self):
        class Chatty(JsonSocket):
            async def send_json(self, message):
                logging.getLogger('chatty').warning('sent')
                await super().send_json(message)

        async def main():
            boom.setup_log_streaming()
            socket = Chatty()
            boom.get_log_stream_handler().add_client(socket)
            logging.getLogger('app').warning('one')
            logging.getLogger('app').warning('two')
            await socket.has(2)
            for _ in range(20):
                await asyncio.sleep(0)
            return socket.messages

        self.assertEqual([message['data']['message'] for message in asyncio.run(main())], ['one', 'two'])

    def test_lines_from_before_are_replayed_to_the_first_client(self):
        code = """
import asyncio, logging
from logboom_logging import setup_log_streaming, get_log_stream_handler
logging.basicConfig(level=logging.INFO, filename='basic.log')
for number in range(1500): logging.getLogger('early').info('before %d', number, extra={'a': 1})
class Socket:
    async def send_text(self, text): print(text, flush=True)
async def main():
    setup_log_streaming(asyncio.get_running_loop())
    logging.getLogger('early').info('between')
    first, second = Socket(), Socket()
    await get_log_stream_handler().add_client(first)
    for _ in range(3000): await asyncio.sleep(0)
    await get_log_stream_handler().remove_client(first)
    await get_log_stream_handler().add_client(second)
    for _ in range(3000): await asyncio.sleep(0)
asyncio.run(main())
"""
        _, out, err = self.run_program(code)
        said = [json.loads(line)['data'] for line in out.splitlines() if '"DEBUG"' not in line]
        gap = '[gap] 501 lines missing: more than 1000 were logged before a client came'
        texts = [gap] + ['before %d' % number for number in range(501, 1500)] + ['between']
        self.assertEqual([each['message'] for each in said], texts, err)
        self.assertEqual(said[1]['a'], 1)
        self.assertEqual(len(read(self.folder, 'basic.log').splitlines()), 1501)


class JsonSocket:
    """A client in the manner of FastAPI's; while `gate` is closed nothing is taken."""

    def __init__(self):
        self.messages = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def send_json(self, message):
        json.dumps(message)
        self.messages.append(message)
        await self.gate.wait()

    async def has(self, count):
        for _ in range(5000):
            if len(self.messages) >= count:
                return
            await asyncio.sleep(0.002)
        raise AssertionError('%d messages in place of %d' % (len(self.messages), count))


try:
    import websockets
except ImportError:
    websockets = None
try:
    import aiohttp
    import aiohttp.web
except ImportError:
    aiohttp = None

MONITOR_WITH_WEBSOCKETS = """
import asyncio, logging, os, websockets
from logboom_logging import setup_log_streaming, get_log_stream_handler, audit_log

async def monitor(websocket):
    handler = get_log_stream_handler()
    await handler.add_client(websocket)
    try:
        await websocket.wait_closed()
    finally:
        await handler.remove_client(websocket)

async def main():
    setup_log_streaming(asyncio.get_running_loop())
    log = logging.getLogger('orchestrator')
    # The library logs each frame as DEBUG.
    logging.getLogger().setLevel(logging.DEBUG)
    async with websockets.serve(monitor, '127.0.0.1', 0) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        while True:
            log.info('tick')
            audit_log(log, 'spawned', action='instance_spawn', metadata={'id': 1})
            await asyncio.sleep(0.05)
asyncio.run(main())
"""

MONITOR_WITH_AIOHTTP = """
import asyncio, logging
from aiohttp import web
from logboom_logging import setup_log_streaming, get_log_stream_handler, audit_log

async def monitor(request):
    websocket = web.WebSocketResponse()
    await websocket.prepare(request)
    handler = get_log_stream_handler()
    await handler.add_client(websocket)
    try:
        async for _ in websocket: pass
    finally:
        await handler.remove_client(websocket)
    return websocket

async def main():
    setup_log_streaming(asyncio.get_running_loop())
    log = logging.getLogger('orchestrator')
    app = web.Application()
    app.router.add_get('/ws/monitor', monitor)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, '127.0.0.1', 0)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)
    while True:
        log.info('tick')
        audit_log(log, 'spawned', action='instance_spawn', metadata={'id': 1})
        await asyncio.sleep(0.05)
asyncio.run(main())
"""


@unittest.skipUnless(websockets, 'SKIPPED: needs the package python3-websockets')
class Endpoints(Case):
    """An endpoint as those of the original: accept, add_client, wait, remove_client."""

    def watch(self, code, path):
        child = self.start(code, stderr=subprocess.DEVNULL)
        port = int(child.stdout.readline())

        async def main():
            types = {}
            async with websockets.connect('ws://127.0.0.1:%d%s' % (port, path)) as client:
                while not ('system_log' in types and 'audit_log' in types):
                    message = json.loads(await asyncio.wait_for(client.recv(), 20))
                    if message['data']['logger'] == 'orchestrator':
                        types[message['type']] = message['data']
            return types

        types = [asyncio.run(main()), asyncio.run(main())][1]
        self.assertEqual((types['system_log']['message'], types['system_log']['function']), ('tick', 'main'))
        self.assertEqual((types['audit_log']['action'], types['audit_log']['metadata']), ('instance_spawn', {'id': 1}))

    def test_websockets(self):
        self.watch(MONITOR_WITH_WEBSOCKETS, '/')

    @unittest.skipUnless(aiohttp, 'SKIPPED: needs the package python3-aiohttp')
    def test_aiohttp(self):
        self.watch(MONITOR_WITH_AIOHTTP, '/ws/monitor')


if __name__ == '__main__':
    unittest.main()
