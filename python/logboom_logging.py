"""Logging for applications that Logboom watches: standard `logging`, and files, consoles, delivery and streams beneath it.

    from logboom_logging import get_logger
    log = get_logger('host', log_dir='logs')
    log.info('ready')

One file, standard library only, Python 3.8 and newer. Sections, in order: levels and options; text of lines; fields of
records; one writer per file; the log file; the spool; delivery to a hub; handlers; loggers; level at run time; streams
for WebSocket clients; crashes; fork and exit.
"""

import atexit
import calendar
import collections
import collections.abc
import contextlib
import contextvars
import errno
import json
import logging
import os
import re
import select
import stat
import sys
import threading
import time
import traceback
import urllib.parse
import zlib

try:
    import fcntl
except ImportError:  # Windows has no flock: there each process needs a log directory of its own.
    fcntl = None

# Imported where needed, as many programs need none of them and each costs up to megabytes: asyncio, gzip, shutil, socket,
# ssl, tempfile.

__all__ = [
    'LogStreamHandler',
    'LogboomHandler',
    'audit_log',
    'flush',
    'get_log_stream_handler',
    'get_logger',
    'get_logger_from_env',
    'get_metrics',
    'install_crash_handlers',
    'setup_log_streaming',
    'with_context',
]
__version__ = '0.1.0'

# --- Levels and options -----------------------------------------------------------------------------------------------

TRACE = 5
logging.addLevelName(TRACE, 'TRACE')

# Above every level that anything is logged with.
_SILENT = 100

# The spellings that Logboom knows (src/contracts/record.ts), and those that say that nothing is wanted.
_LEVELS = {
    name: number
    for number, names in (
        (TRACE, 'TRACE TRC VERBOSE SILLY FINEST FINER'),
        (logging.DEBUG, 'DEBUG DBG FINE'),
        (logging.INFO, 'INFO INF INFORMATION INFORMATIONAL NOTICE LOG HTTP CONFIG'),
        (logging.WARNING, 'WARNING WARN WRN'),
        (logging.ERROR, 'ERROR ERR SEVERE EROR'),
        (logging.CRITICAL, 'CRITICAL CRIT FATAL FTL ALERT EMERG EMERGENCY PANIC'),
        (_SILENT, 'SILENT OFF NONE'),
    )
    for name in names.split()
}


def _level_name(number):
    """Name of the highest level that is not above `number`."""
    if number >= 30:
        return 'CRITICAL' if number >= 50 else 'ERROR' if number >= 40 else 'WARNING'
    return 'INFO' if number >= 20 else 'DEBUG' if number >= 10 else 'TRACE'


def _parse_level(value):
    """Number of a level given by name or number. Raises ValueError with a hint."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if isinstance(value, str):
        text = value.strip().upper()
        if text in _LEVELS:
            return _LEVELS[text]
        if text.isdigit() and int(text) > 0:
            return int(text)
    raise ValueError(
        'level: %r is no level; give one of trace, debug, info, warning, error, critical' % (value,)
    )


def _level_from_outside():
    """Level of the command line, else of the environment, else None."""
    words = list(getattr(sys, 'argv', None) or [])
    words = words[: words.index('--')] if '--' in words else words
    given = None
    for index, word in enumerate(words):
        if word.startswith('--log-level='):
            given = word[len('--log-level=') :]
        elif word == '--log-level' and index + 1 < len(words):
            given = words[index + 1]
    if given:
        try:
            return _parse_level(given)
        except ValueError as error:
            _tell_once('argv-level', '--log-level is not followed: %s' % error)
    for name in ('LOG_LEVEL', 'LOGBOOM_LEVEL'):
        if os.environ.get(name):
            try:
                return _parse_level(os.environ[name])
            except ValueError as error:
                _tell_once(name, '%s is not followed: %s' % (name, error))
    return None


_DISK_FULL = (errno.ENOSPC, getattr(errno, 'EDQUOT', errno.ENOSPC))
_SIZE_UNITS = {'': 1, 'B': 1, 'KB': 1 << 10, 'MB': 1 << 20, 'GB': 1 << 30}


def _parse_size(name, value):
    """`'10MB'` or a number of bytes → bytes. KB, MB and GB are powers of 1,024."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    found = re.match(r'^\s*(\d+(?:\.\d+)?)\s*([KMG]?B?)\s*$', value, re.I) if isinstance(value, str) else None
    if found:
        unit = found.group(2).upper()
        size = int(float(found.group(1)) * _SIZE_UNITS[unit if unit in _SIZE_UNITS else unit + 'B'])
        if size > 0:
            return size
    raise ValueError("%s: %r is no size; give a number of bytes or text such as '10MB'" % (name, value))


def _app_name():
    """Name of the folder of the main program."""
    main = getattr(sys.modules.get('__main__'), '__file__', None)
    # A process that multiprocessing spawned has no main file yet while that is imported.
    for path in (main, (getattr(sys, 'argv', None) or [''])[0]):
        if path and os.path.isfile(path):
            name = os.path.basename(os.path.dirname(os.path.abspath(path)))
            if name:
                return name
    return os.path.basename(os.getcwd()) or 'python'


def _default_directory():
    """All users share the temporary directory: what another has made there, or could write to, is not taken. OSError where there is none."""
    import tempfile

    names = [_app_name()]
    if hasattr(os, 'geteuid'):
        names.append('%s-%d' % (names[0], os.geteuid()))
    for name in names:
        outer = os.path.join(tempfile.gettempdir(), name)
        if _is_ours(outer) and _is_ours(os.path.join(outer, 'logs')):
            return os.path.join(outer, 'logs')
    raise PermissionError(errno.EACCES, 'the directories for its logs belong to others; give log_dir', outer)


def _usable_directory():
    try:
        return _default_directory()
    except OSError as error:
        import tempfile

        _tell_once('directory', '%s; what waits for the hub is kept in a directory that the next start does not know' % error)
        return tempfile.mkdtemp(prefix='logboom-')


def _is_ours(path):
    """A directory of this user that nobody else may write to, or nothing yet."""
    try:
        found = os.lstat(path)
    except OSError:
        return True
    if not hasattr(os, 'geteuid'):
        return True
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022


def _file_stem(name):
    """Name of a logger as a file name; all outside `[A-Za-z0-9._-]` is percent-encoded."""
    return urllib.parse.quote(name, safe='').replace('~', '%7E')


def _is_supervised():
    """True when Logboom runs this process and captures its standard output."""
    if not os.environ.get('LOGBOOM_RUN'):
        return False
    try:
        mode = os.fstat(1).st_mode
    except OSError:
        return False
    if stat.S_ISFIFO(mode):
        return True
    if not stat.S_ISREG(mode):
        # A terminal, /dev/null, a socket: nothing that a hub reads.
        return False
    try:
        # A file of the program's own, as in `app.py > out.txt`, is read by somebody who expects no JSON.
        return re.search(r'[\\/]\d+\.stdout( \(deleted\))?$', os.readlink('/proc/self/fd/1')) is not None
    except OSError:
        return True


_told = set()


def _tell_once(key, text):
    """Says something about the logging itself on standard error, once for each key."""
    if key in _told:
        return
    _told.add(key)
    with contextlib.suppress(Exception):
        sys.stderr.write('logboom: %s\n' % text)
        sys.stderr.flush()


# --- Text of lines ----------------------------------------------------------------------------------------------------

# The same expressions as src/text/ansi.ts of Logboom.
_ANSI_BODY = r'[^\x00-\x07\x0a-\x0d\x18\x1a\x1b\x80-\x9f]*'
_ANSI = re.compile(
    '|'.join(
        [
            r'(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?[\x0e\x0f]?',
            r'(?:\x1b\]|\x9d)(?:' + _ANSI_BODY + r'(?:\x07|\x1b\\|\x9c))?',
            r'(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])(?:' + _ANSI_BODY + r'(?:\x1b\\|\x9c))?',
            r'\x1b[ -/]+[0-~]?',
            r'\x1b[78=>DEHMNOZclmno|}~\\]?',
            r'\x9c',
        ]
    )
)
_UNSAFE = re.compile('[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]')
_UNQUOTABLE = re.compile('[\\s="\\\\\x00-\x1f\x7f-\x9f]')
_NOT_IN_KEYS = re.compile('[\\s="\x00-\x1f\x7f-\x9f]')

_PAINT = {
    'TRACE': ('\x1b[2m', '\x1b[22m'),
    'DEBUG': ('\x1b[36m', '\x1b[39m'),
    'INFO': ('\x1b[32m', '\x1b[39m'),
    'WARNING': ('\x1b[33m', '\x1b[39m'),
    'ERROR': ('\x1b[31m', '\x1b[39m'),
    'CRITICAL': ('\x1b[1m\x1b[35m', '\x1b[39m\x1b[22m'),
}


def _strip_ansi(text):
    return text if text.isprintable() else _ANSI.sub('', text)


def _escape_terminal(text):
    """Nothing of the text commands a terminal afterwards."""
    if text.isprintable():
        return text
    return _UNSAFE.sub(_visible, _ANSI.sub('', text))


def _visible(match):
    code = ord(match.group())
    return '\\x%02x' % code if code < 256 else '\\u%04x' % code


_quote = json.encoder.encode_basestring


def _plain(value, depth=20, room=None):
    """The value as JSON has it; whatever JSON has no word for, or is too much of, becomes text. Never raises."""
    room = [10000] if room is None else room
    room[0] -= 1
    if value is None or value is True or value is False or type(value) is str:
        return value
    if type(value) is int:
        return value if value.bit_length() < _PLAIN_BITS else _text_of(value)
    if isinstance(value, float):
        return float(value) if value - value == 0 else str(value)
    if depth > 0 and room[0] > 0:
        with contextlib.suppress(Exception):
            if isinstance(value, dict):
                return {_text_of(key): _plain(inner, depth - 1, room) for key, inner in list(value.items())}
            if isinstance(value, (list, tuple, set, frozenset)):
                return [_plain(inner, depth - 1, room) for inner in list(value)]
            if isinstance(value, (bytes, bytearray)):
                return bytes(value).decode('utf-8', 'backslashreplace')
            if isinstance(value, BaseException):
                return '%s: %s' % (type(value).__name__, _text_of(value))
    return _text_of(value) if depth > 0 and room[0] > 0 else '…'


# Python writes longer numbers in decimal only up to a limit, 640 digits at least; in hexadecimal always.
_PLAIN_BITS = 2048
_MOST_BITS = 1 << 20


def _text_of(value):
    """Text of any value; a placeholder where its own `__str__` fails. Never raises."""
    try:
        text = str(value)
        return text if type(text) is str else str.__str__(text)
    except Exception as error:  # pylint: disable=broad-except
        if type(value) is int and value.bit_length() < _MOST_BITS:
            return hex(value)
        if isinstance(value, (list, tuple, dict, set, frozenset)):
            return _json_of(value)
        return _cannot_be_shown(error)


def _cannot_be_shown(error):
    """What stands in the place of a value that cannot be shown: `[cannot be shown: TypeError: no text]`."""
    return '[cannot be shown: %s]' % _reason(error)


def _reason(error):
    """What was raised, as one short line."""
    try:
        text = '%s: %s' % (type(error).__name__, error)
    except Exception:  # pylint: disable=broad-except
        text = type(error).__name__
    return ' '.join(text.split()) if len(text) <= 200 else text[:200] + '…'


def _json_of(value):
    try:
        return json.dumps(value, ensure_ascii=False, separators=(',', ':'), allow_nan=False)
    except Exception:  # pylint: disable=broad-except
        return json.dumps(_plain(value), ensure_ascii=False, separators=(',', ':'))


def _format_fields(fields):
    """`{'user': 'Ann Lee', 'ms': 3}` → ` user="Ann Lee" ms=3`: logfmt, each pair with a space before it."""
    text = ''
    for key, value in fields.items():
        shown = value if type(value) is str else _json_of(value)
        # Values that JSON has no word for are texts, and quoted as such only where they need it.
        if type(value) is not str and shown.startswith('"'):
            shown = json.loads(shown)
        if shown == '' or _UNQUOTABLE.search(shown):
            shown = _quote(shown)
        text += ' %s=%s' % (_NOT_IN_KEYS.sub('_', key), shown)
    return text


class _Clock:
    """Times of a second, made once for all lines in it."""

    def __init__(self, utc):
        self._split = time.gmtime if utc else time.localtime
        # Second and text as one: a signal handler that logs may come between two assignments.
        self._now = (None, '')

    def at(self, second):
        """`2025-10-19 05:55:47`"""
        now = self._now
        if now[0] != second:
            now = self._now = (second, time.strftime('%Y-%m-%d %H:%M:%S', self._split(second)))
        return now[1]


def _format_file_line(milliseconds, pid, level, text, clock):
    """`2025-10-19 05:55:47.606 [4157] [INFO] message`, with line feed."""
    second, rest = divmod(milliseconds, 1000)
    return '%s.%03d [%d] [%s] %s\n' % (clock.at(second), rest, pid, level, _strip_ansi(text))


def _format_console_line(milliseconds, pid, level, text, clock, colored):
    """`[05:55:47] [4157] [INFO] message`, with line feed; further lines are indented."""
    head = '[%s] [%d] [%s]' % (clock.at(milliseconds // 1000)[11:], pid, level)
    if colored:
        before, behind = _PAINT[level]
        head = before + head + behind
    return '%s %s\n' % (head, _escape_terminal(text).replace('\n', '\n  '))


_quoted_names = {}


def _format_json_line(created, level, logger, message, fields, pid):
    """One record as a line of JSON, with the keys that Logboom knows; `fields` must not have these."""
    name = _quoted_names.get(logger)
    if name is None:
        if len(_quoted_names) > 10000:
            _quoted_names.clear()
        name = _quoted_names[logger] = _quote(logger)
    text = '{"time":%.3f,"level":"%s","logger":%s,"msg":%s' % (created * 1000, level, name, _quote(message))
    if pid:
        text += ',"pid":%d' % pid
    if fields:
        text += ',' + _json_of(fields)[1:-1]
    return text + '}\n'


# --- Fields of records ------------------------------------------------------------------------------------------------

_OWN_KEYS = frozenset(
    list(logging.LogRecord('', 0, '', 0, '', (), None).__dict__)
    + ['message', 'asctime', 'taskName', '_logboom_shown']
)
_PLAIN_LENGTH = len(logging.LogRecord('', 0, '', 0, '', (), None).__dict__)
# Keys of the line itself: a field of the same name gets an underscore.
_TAKEN_KEYS = frozenset(['time', 'level', 'logger', 'msg', 'pid'])
_AUDIT_KEYS = ('is_audit', 'isAudit')

_context = contextvars.ContextVar('logboom_context', default=None)


@contextlib.contextmanager
def with_context(**fields):
    """All records logged inside, also in awaited code and tasks begun there, have these fields.

    >>> with with_context(request_id='r-17'):
    ...     log.info('paid')        # paid request_id=r-17
    """
    token = _context.set({**(_context.get() or {}), **fields})
    try:
        yield
    finally:
        _context.reset(token)


def _fields_of(record, location=False):
    """Fields of the call (`extra=`), of the context and, if wanted, the place in the program; None where there are none."""
    context = _context.get()
    attributes = record.__dict__
    if context is None and not location and len(attributes) == _PLAIN_LENGTH:
        return None
    fields = {}
    if location:
        fields = {'module': record.module, 'function': record.funcName, 'line': record.lineno}
    for found in (context or {}), attributes:
        for key, value in found.items():
            if found is attributes and key in _OWN_KEYS:
                continue
            key = _text_of(key)
            fields[key + '_' if key in _TAKEN_KEYS else key] = value
    return fields or None


def _message_of(record):
    """Message with its arguments, and whatever belongs to it: traceback and stack."""
    try:
        message = record.getMessage()
        if type(message) is not str:
            message = _text_of(message)
    except Exception as error:  # pylint: disable=broad-except
        template = _text_of(record.msg)
        _tell_once('format', 'a message does not fit its arguments, %r: %s' % (template[:200], _reason(error)))
        message = _filled(template, record.args)
    if record.exc_info or record.exc_text or record.stack_info:
        if record.exc_info and not record.exc_text:
            record.exc_text = _traceback_of(record.exc_info)
        for more in (record.exc_text, record.stack_info):
            if more:
                message += '\n' + _text_of(more).rstrip('\n')
    return message


_CONVERSION = re.compile(r'%(?:\(([^()]*)\))?[#0\- +]*(\*|\d+)?(?:\.(\*|\d+))?[hlL]?(.)', re.S)


def _filled(template, args):
    """The template with those arguments that fit; others as text where they would stand, and what is too much behind."""
    is_mapping = isinstance(args, collections.abc.Mapping)
    values = list(args) if isinstance(args, tuple) else [] if is_mapping or args is None else [args]

    def show(match):
        key, width, precision, kind = match.groups()
        if kind == '%':
            return '%'
        value = given = args
        if key is None:
            count = 1 + (width == '*') + (precision == '*')
            if len(values) < count:
                return match.group()
            given = tuple(values[:count])
            value = given[-1]
            del values[:count]
        try:
            return match.group() % given
        except Exception as error:  # pylint: disable=broad-except
            if value is not args:
                return _text_of(value)
            try:
                return _text_of(args[key])
            except Exception:  # pylint: disable=broad-except
                return _cannot_be_shown(error)

    text = _CONVERSION.sub(show, template)
    return ' '.join([text] + [_text_of(value) for value in values])


def _traceback_of(exc_info):
    try:
        if isinstance(exc_info, BaseException):
            exc_info = (type(exc_info), exc_info, exc_info.__traceback__)
        if not isinstance(exc_info, tuple) or exc_info[0] is None:
            return ''
        return ''.join(traceback.format_exception(*exc_info)).rstrip('\n')
    except Exception as error:  # pylint: disable=broad-except
        return '%s %s' % (_cannot_be_shown(error), _text_of(exc_info))


# Years 1000 to 9999, which have four digits.
_EARLIEST, _LATEST = -30610137600, 253402214400


def _head_of(record):
    """Time, level, logger and process of a record: what others have put there may be odd, and must not cost the rest."""
    created, number, name, pid = record.created, record.levelno, record.name, record.process
    if not (isinstance(created, (int, float)) and _EARLIEST <= created <= _LATEST):
        created = time.time()
    if type(name) is not str:
        name = _text_of(name)
    level = _level_name(number if isinstance(number, (int, float)) and number == number else logging.INFO)
    return created, level, name, pid if type(pid) is int else os.getpid()


def _is_audit(record, message):
    """SPEC B2: by flag, by the logger's name or by the message's beginning."""
    attributes = record.__dict__
    if any(attributes.get(key) is True for key in _AUDIT_KEYS):
        return True
    return _text_of(record.name).startswith('audit.') or _strip_ansi(message).startswith('[AUDIT]')


# --- One writer per file ----------------------------------------------------------------------------------------------


class _Claim:
    """A name in a directory that one living process has: `host`, or `host.2` where another has that. Dies with its process."""

    def __init__(self, directory, stem, number, descriptor, owner):
        self.directory = directory
        self.base = stem
        self.number = number
        self.stem = stem if number == 1 else '%s.%d' % (stem, number)
        self._descriptor = descriptor
        self._pid = os.getpid()
        self._note_path = os.path.join(directory, '.%s.log.owner' % self.stem)
        self._note = '{"pid":%d,"startTime":%d,"thread":0}' % (self._pid, _start_time_of(self._pid) or 0)
        # PID of the process that has the first name, where that is another.
        self.owner = owner

    def release(self):
        # The child of a fork ends what it has inherited, and not what its parent has said to others.
        if self._descriptor is not None and self._pid == os.getpid():
            with contextlib.suppress(OSError):
                if _read_text(self._note_path) == self._note:
                    os.unlink(self._note_path)
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def renew(self):
        """After others have removed the directory, and the claim with it. False: another process has the name by now."""
        path = os.path.join(self.directory, '.%s.lock' % self.stem)
        with contextlib.suppress(OSError):
            found, own = os.stat(path), os.fstat(self._descriptor)
            if (found.st_ino, found.st_dev) == (own.st_ino, own.st_dev):
                return True
        claim = _try_claim(self.directory, self.base, self.number)
        if not isinstance(claim, _Claim):
            return False
        os.close(self._descriptor)
        self._descriptor, claim._descriptor = claim._descriptor, None
        return True

    def tell_node(self):
        """Makes the claim known to logboom-logger, the logger for Node. None, or the PID of a Node process that has the name."""
        prepared = '%s.%d.0' % (self._note_path, self._pid)
        try:
            with open(prepared, 'w', encoding='ascii') as file:
                file.write(self._note)
            for _ in range(3):
                try:
                    os.link(prepared, self._note_path)
                    return None
                except FileExistsError:
                    holder = _read_text(self._note_path)
                    if holder == self._note:
                        return None
                    owner = _living_owner(holder)
                    if owner is not None:
                        return owner
                    os.unlink(self._note_path)
        except OSError:
            # A full disk, or one without links: processes of Python still know of each other.
            pass
        finally:
            with contextlib.suppress(OSError):
                os.unlink(prepared)
        return None


def _read_text(path):
    try:
        with open(path, encoding='utf-8') as file:
            return file.read()
    except (OSError, ValueError):
        return ''


def _start_time_of(pid):
    """Start of a process in clock ticks after boot, as /proc tells it; None without /proc, -1 for a zombie."""
    try:
        with open('/proc/%d/stat' % pid, encoding='latin-1') as file:
            # The name of the program stands in parentheses and may hold any character.
            fields = file.read().rpartition(')')[2].split()
            return -1 if fields[0] in 'ZX' else int(fields[19])
    except (OSError, ValueError, IndexError):
        return None


def _living_owner(note):
    """PID in the note of a process that lives, else None."""
    try:
        said = json.loads(note)
        pid, start = int(said['pid']), said.get('startTime')
        os.kill(pid, 0)
    except PermissionError:
        pass
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    found = _start_time_of(pid)
    if found is None:
        return pid
    return pid if found > 0 and (not start or found == start) else None


def _try_claim(directory, stem, number):
    """The claim, or what the file of the one that has it says (its PID)."""
    full = stem if number == 1 else '%s.%d' % (stem, number)
    descriptor = os.open(os.path.join(directory, '.%s.lock' % full), os.O_RDWR | os.O_CREAT | getattr(os, 'O_CLOEXEC', 0), 0o666)
    try:
        if fcntl:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        try:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                return os.read(descriptor, 20).decode('ascii', 'replace').strip()
            raise
        finally:
            os.close(descriptor)
    # A full disk takes no PID; the lock is there all the same.
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.write(descriptor, b'%d\n' % os.getpid())
    claim = _Claim(directory, stem, number, descriptor, None)
    owner = claim.tell_node()
    if owner is None:
        return claim
    claim.release()
    return str(owner)


def _claim(directory, stem):
    """The first free of `host`, `host.2`, `host.3` …"""
    owner = None
    for number in range(1, 10000):
        claim = _try_claim(directory, stem, number)
        if isinstance(claim, _Claim):
            claim.owner = owner
            return claim
        owner = owner or claim
    raise OSError('10,000 processes write %s in %s' % (stem, directory))


# --- The log file -----------------------------------------------------------------------------------------------------

_TAIL_BYTES = 64


class _LogFile:
    """A file that is appended to in one write per record, and rotated. Its owner's lock guards every call."""

    def __init__(self, claim, max_size, keep, compress, archive_dir, gap_line):
        self._claim = claim
        self.path = os.path.join(claim.directory, claim.stem + '.log')
        self.archive = os.path.join(archive_dir or claim.directory, claim.stem + '.log')
        self._max_size = max_size
        self._keep = keep
        self._gap_line = gap_line
        self._compress = compress
        self._guard = None
        self._descriptor = None
        self._limit = max_size
        self._looked = None
        self.size = 0
        self.inode = self._device = 0
        # Lines that are not in the file and of which no gap tells yet.
        self._missing = 0
        os.makedirs(os.path.dirname(self.archive), exist_ok=True)
        self._open()
        for left in _files_with(self.archive + '.', '.gz.tmp'):
            os.unlink(left)

    def _open(self):
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, 'O_CLOEXEC', 0), 0o666)
        found = os.fstat(self._descriptor)
        self.size, self.inode, self._device = found.st_size, found.st_ino, found.st_dev
        self._limit = self._max_size
        if self.size > 0:
            os.lseek(self._descriptor, self.size - 1, os.SEEK_SET)
            # Half a line, as a full disk or a lost power leaves, is ended before another begins.
            if os.read(self._descriptor, 1) != b'\n':
                self.size += os.write(self._descriptor, b'\n')

    def close(self):
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def tail(self):
        """The last bytes of the file."""
        os.lseek(self._descriptor, max(0, self.size - _TAIL_BYTES), os.SEEK_SET)
        return os.read(self._descriptor, _TAIL_BYTES)

    def write(self, data, second):
        """Length of the file afterwards; None when nothing could be written. `second` is the present one."""
        missing = self._missing
        if missing:
            lines = '1 line' if missing == 1 else '%d lines' % missing
            data = self._gap_line('[gap] %s missing: the file could not be written' % lines) + data
        length = self._append(data, second)
        self._missing = missing + 1 if length is None else 0
        return length

    def _append(self, data, second):
        if second != self._looked:
            self._look(second)
        if self._descriptor is None:
            return None
        if self.size + len(data) > self._limit and self.size > 0:
            self._rotate()
        # A signal handler that logs may write, and even rotate, at any moment in between.
        before, inode = self.size, self.inode
        try:
            if os.write(self._descriptor, data) != len(data):
                raise OSError(errno.ENOSPC, 'only a part was written')
            found = os.fstat(self._descriptor)
        except OSError as error:
            return self._write_in_trouble(data, error)
        if found.st_nlink == 0:
            # Removed by others, and the line with it: it is the first of the next file. Windows keeps open files.
            if not self._reopen():
                return None
            try:
                self.size += os.write(self._descriptor, data)
                return self.size
            except OSError as error:
                return self._write_in_trouble(data, error)
        if found.st_size < before + len(data) and self.inode == inode:
            self._tell_truncated(found.st_size)
            return found.st_size
        self.size = found.st_size
        return self.size

    def _tell_truncated(self, size):
        """What others have cut off was written; whether it is kept elsewhere they alone know."""
        self.size = size
        with contextlib.suppress(OSError):
            gap = self._gap_line('[gap] an unknown number of lines may be missing: the file was truncated by others')
            self.size += os.write(self._descriptor, gap)

    def _look(self, second):
        """Once a second: whether the file is still the one of that name; logrotate and people move it."""
        self._looked = second
        try:
            found = os.stat(self.path)
            if self._descriptor is not None and (found.st_ino, found.st_dev) == (self.inode, self._device):
                return
        except OSError:
            pass
        self._reopen()

    def _reopen(self):
        self.close()
        try:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            if not self._claim.renew():
                _tell_once('renew', '%s was removed, and another process writes a new one: both write it now' % self.path)
            self._open()
            return True
        except OSError as error:
            _tell_once('reopen', '%s cannot be written, records go to console and hub only: %s' % (self.path, error))
            return False

    def _write_in_trouble(self, data, error):
        """A full disk: the oldest rotated file goes, then the next, at last what this file had."""
        if error.errno not in _DISK_FULL:
            _tell_once('write', '%s cannot be written: %s' % (self.path, error))
            return None
        _tell_once('disk-full', '%s: the disk is full; the oldest rotated files are removed' % self.path)
        is_cut = False
        while True:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, self.size)
                if os.write(self._descriptor, data) == len(data):
                    self.size += len(data)
                    return self.size
                os.ftruncate(self._descriptor, self.size)
            rotated = self.rotated()
            if rotated:
                oldest = rotated[-1]
                lines, note = _line_count(oldest), '%s was removed' % os.path.basename(oldest)
                os.unlink(oldest)
            elif self.size > 0 and not is_cut:
                is_cut = True
                lines, note = _line_count(self.path), 'this file was cut'
                os.ftruncate(self._descriptor, 0)
                self.size = 0
            else:
                return None
            with contextlib.suppress(OSError):
                gap = self._gap_line('[gap] %d lines missing: the disk was full and %s' % (lines, note))
                self.size += os.write(self._descriptor, gap)

    def rotated(self):
        """Paths of rotated files, the newest first, whether compressed or not."""
        paths = [
            path
            for number in range(1, self._keep + 1)
            for path in ('%s.%d' % (self.archive, number), '%s.%d.gz' % (self.archive, number))
        ]
        return [path for path in paths if os.path.exists(path)]

    def _rotate(self):
        moved = False
        try:
            self.close()
            for path in self.rotated()[::-1]:
                found = re.match(r'^(.*\.log)\.(\d+)(\.gz)?$', path, re.S)
                number = int(found.group(2)) + 1
                if number > self._keep:
                    os.unlink(path)
                else:
                    os.rename(path, '%s.%d%s' % (found.group(1), number, found.group(3) or ''))
            if self._keep == 0:
                os.unlink(self.path)
            elif os.path.dirname(self.path) == os.path.dirname(self.archive):
                os.rename(self.path, self.archive + '.1')
            else:
                import shutil

                shutil.move(self.path, self.archive + '.1')
            moved = True
        except OSError as error:
            _tell_once('rotate', '%s cannot be rotated and grows on: %s' % (self.path, error))
        try:
            self._open()
        except OSError as error:
            _tell_once('reopen', '%s cannot be written, records go to console and hub only: %s' % (self.path, error))
            return
        if not moved:
            self._limit = self.size + self._max_size
        elif self._compress:
            self.compress_later(self._guard)

    def compress_later(self, guard):
        """Compresses rotated files in a thread of its own; `guard` is held only while names change."""
        self._guard = guard
        if not self._compress or not any(not path.endswith('.gz') for path in self.rotated()):
            return
        with contextlib.suppress(RuntimeError):
            threading.Thread(target=self._compress_all, name='logboom-compress', daemon=True).start()

    def _compress_all(self):
        import gzip
        import shutil

        with contextlib.suppress(OSError):
            for path in self.rotated():
                if path.endswith('.gz'):
                    continue
                target = '%s.%d.gz.tmp' % (self.archive, threading.get_ident())
                with open(path, 'rb') as source:
                    inode = os.fstat(source.fileno()).st_ino
                    with gzip.open(target, 'wb', 6) as packed:
                        shutil.copyfileobj(source, packed, 1 << 16)
                with self._guard:
                    # Rotated meanwhile, it has another name.
                    now = [each for each in self.rotated() if os.stat(each).st_ino == inode]
                    if now and not now[0].endswith('.gz'):
                        os.rename(target, now[0] + '.gz')
                        os.unlink(now[0])
                    else:
                        os.unlink(target)


def _files_with(start, end):
    """Paths that begin and end so."""
    directory, name = os.path.split(start)
    return [
        os.path.join(directory, each) for each in os.listdir(directory) if each.startswith(name) and each.endswith(end)
    ]


def _open_log(path):
    """The bytes of a log file, also of a compressed one."""
    if not path.endswith('.gz'):
        return open(path, 'rb')
    import gzip

    return gzip.open(path, 'rb')


def _line_count(path):
    with contextlib.suppress(OSError, EOFError, zlib.error):
        with _open_log(path) as file:
            return sum(piece.count(b'\n') for piece in iter(lambda: file.read(1 << 20), b''))
    return 0


# --- The spool --------------------------------------------------------------------------------------------------------

_SEGMENT_BYTES = 1 << 20
# A body of so many records is stored by a hub as one.
_SEGMENT_RECORDS = 10000
_DEFAULT_SPOOL_BYTES = 256 << 20
_BLOCK = 4096
# What is left of the disk beyond this is the log file's: it comes before the spool.
_RESERVED_BYTES = 16 << 20

_SEGMENT_NAME = re.compile(
    r'^(?P<seq>\d{8})-(?P<first>\d{8})-(?P<mark>[0-9a-f]{12})\.(?P<count>\d+)\.(?P<length>\d+)'
    r'\.(?P<place>-|\d+_\d+_\d+_[0-9a-f]{8})\.(?P<kind>open|ready|gap)$'
)


class _Place(collections.namedtuple('_Place', 'offset inode tail_length tail_crc')):
    """A place in the log file behind a whole line, known again by the bytes before it, whatever the file is called by then."""

    __slots__ = ()

    @staticmethod
    def behind(offset, inode, line):
        tail = line[-_TAIL_BYTES:]
        return _Place(offset, inode, len(tail), zlib.crc32(tail))

    @staticmethod
    def parse(text):
        if text in ('', '-'):
            return None
        offset, inode, length, crc = text.split('_')
        return _Place(int(offset), int(inode), int(length), int(crc, 16))

    def format(self):
        return '%d_%d_%d_%08x' % self

    def is_in(self, path):
        """Whether this file (gzip by its name) has the place."""
        try:
            if self.tail_length == 0 and not path.endswith('.gz'):
                return os.stat(path).st_ino == self.inode
            with _open_log(path) as file:
                file.seek(self.offset - self.tail_length)
                return zlib.crc32(file.read(self.tail_length)) == self.tail_crc and self.tail_length > 0
        except (OSError, EOFError, ValueError, zlib.error):
            return False


class _Segment:
    """Records under one name for the hub.

    `open`: it may grow and was never sent. `ready`: its bytes are final. `gap`: one record in place of dropped ones.
    """

    def __init__(self, seq, first, mark, count, length, place, kind):
        # Segments from `first` to `seq` are replaced by this one.
        self.seq, self.first, self.mark = seq, first, mark
        self.count, self.length, self.place, self.kind = count, length, place, kind
        # The bytes, while they cannot be written to disk.
        self.held = None
        # Records that this gap tells of.
        self.dropped = 0

    @property
    def name(self):
        place = self.place.format() if self.place else '-'
        return '%08d-%08d-%s.%d.%d.%s.%s' % (self.seq, self.first, self.mark, self.count, self.length, place, self.kind)

    @property
    def room(self):
        """Bytes on disk."""
        return -(-self.length // _BLOCK) * _BLOCK


class _Spool:
    """A directory of segments, oldest first. What a rename has named is there whatever happens to the process.

    The place in the log file stands in the name of a segment: one rename says both that records are here and that they
    need not be read from the log file again.
    """

    def __init__(self, directory, max_bytes, gap_line):
        self.directory = directory
        self._max_bytes = max_bytes
        self._gap_line = gap_line
        self.lock = threading.RLock()
        self.segments = collections.deque()
        self.place = None
        self._next = 1
        os.makedirs(directory, exist_ok=True)
        self._load()

    def _path(self, name):
        return os.path.join(self.directory, name)

    def _load(self):
        found = {}
        for name in os.listdir(self.directory):
            match = _SEGMENT_NAME.match(name)
            if not match:
                if name.endswith('.new'):
                    os.unlink(self._path(name))
                continue
            seq, first = int(match.group('seq')), int(match.group('first'))
            segment = _Segment(
                seq,
                first,
                match.group('mark'),
                int(match.group('count')),
                int(match.group('length')),
                _Place.parse(match.group('place')),
                match.group('kind'),
            )
            found[name] = segment
        for name, segment in found.items():
            # A kill between a gap's making and the end of what it replaces leaves both.
            replaced = any(
                other is not segment and other.kind == 'gap' and other.first <= segment.first and segment.seq <= other.seq
                for other in found.values()
            )
            if replaced:
                os.unlink(self._path(name))
                continue
            if segment.kind == 'open':
                with open(self._path(name), 'r+b') as file:
                    file.truncate(segment.length)
            if segment.kind == 'gap':
                segment.dropped = _dropped_in(self._path(name))
            self.segments.append(segment)
        self.segments = collections.deque(sorted(self.segments, key=lambda segment: segment.seq))
        if self.segments:
            self._next = self.segments[-1].seq + 1
            # Of segments without a place (nothing of the file in them) the one before counts.
            places = [segment.place for segment in self.segments if segment.place]
            self.place = places[-1] if places else self._read_place()
        else:
            self.place = self._read_place()

    def _read_place(self):
        with contextlib.suppress(OSError, ValueError):
            with open(self._path('place'), encoding='ascii') as file:
                return _Place.parse(file.read().strip())
        return None

    def write_place(self, place):
        """Notes how far the log file is spooled, for when no segment says it."""
        self.place = place
        self._write_place(place)

    def _write_place(self, place):
        new = self._path('place.new')
        with open(new, 'w', encoding='ascii') as file:
            file.write(place.format())
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, self._path('place'))

    def append(self, lines, place):
        """Adds records; they are in the spool for good afterwards, or held in memory while the disk cannot be written."""
        data = b''.join(lines)
        with self.lock:
            self.place = place or self.place
            last = self.segments[-1] if self.segments else None
            fits = (
                last is not None
                and last.kind == 'open'
                and last.held is None
                and last.length + len(data) <= _SEGMENT_BYTES
                and last.count + len(lines) <= _SEGMENT_RECORDS
            )
            if fits:
                old = (last.name, last.length, last.count, last.place)
                try:
                    self._write(last, data, len(lines), place)
                    return
                except OSError as error:
                    _, last.length, last.count, last.place = old
                    self._tell(error)
            segment = _Segment(self._next, self._next, os.urandom(6).hex(), 0, 0, self.place, 'open')
            self._next += 1
            try:
                self._write(segment, data, len(lines), place)
            except OSError as error:
                self._tell(error)
                segment.held, segment.length, segment.count = data, len(data), len(lines)
            self.segments.append(segment)
            self._make_room()

    def _tell(self, error):
        _tell_once('spool', '%s cannot be written, records are held in memory: %s' % (self.directory, error))

    def _write(self, segment, data, count, place):
        old = self._path(segment.name) if segment.length else self._path('%08d.new' % segment.seq)
        descriptor = os.open(old, os.O_RDWR | os.O_CREAT | getattr(os, 'O_CLOEXEC', 0), 0o600)
        try:
            os.lseek(descriptor, segment.length, os.SEEK_SET)
            room = os.fstatvfs(descriptor) if hasattr(os, 'fstatvfs') else None
            is_scarce = room is not None and room.f_bavail * room.f_frsize < _RESERVED_BYTES + len(data)
            if is_scarce or os.write(descriptor, data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, segment.length)
                if not segment.length:
                    os.unlink(old)
            raise
        finally:
            os.close(descriptor)
        segment.length += len(data)
        segment.count += count
        segment.place = place or segment.place
        os.rename(old, self._path(segment.name))

    def head(self):
        """The oldest segment with its final bytes, which are safe on disk if it can be written; None when there is none."""
        with self.lock:
            if not self.segments:
                return None
            segment = self.segments[0]
            if segment.held is not None:
                self._save(segment)
                if segment.held is not None:
                    segment.kind = 'ready'
                    return segment, segment.held
            try:
                with open(self._path(segment.name), 'r+b') as file:
                    data = file.read(segment.length)
                    if segment.kind == 'open':
                        os.fsync(file.fileno())
            except FileNotFoundError:
                _tell_once('removed', '%d records were removed from %s by others' % (segment.count, self.directory))
                self.segments.remove(segment)
                return self.head()
            if segment.kind == 'open':
                old = self._path(segment.name)
                segment.kind = 'ready'
                os.rename(old, self._path(segment.name))
                self._sync_directory()
            return segment, data

    def _save(self, segment):
        """Writes what was held in memory, if the disk lets us by now."""
        data, count, kind = segment.held, segment.count, segment.kind
        with contextlib.suppress(OSError):
            segment.length = segment.count = 0
            self._write(segment, data, count, segment.place)
            segment.held = None
        if segment.held is not None:
            segment.length, segment.count, segment.kind = len(data), count, kind

    def _sync_directory(self):
        with contextlib.suppress(OSError):
            descriptor = os.open(self.directory, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def remove(self, segment):
        """Ends a segment that the hub has."""
        with self.lock:
            # Of a segment that was held in memory no name on disk says that it need not be read from the log file again.
            place = self.place if len(self.segments) == 1 else segment.place if segment.held is not None else None
            if place is not None:
                with contextlib.suppress(OSError):
                    self._write_place(place)
            self.segments.remove(segment)
            with contextlib.suppress(OSError):
                os.unlink(self._path(segment.name))

    def set_aside(self, segment):
        """A segment that the hub refuses for what is in it stays as a file, and is not sent again."""
        with self.lock:
            old = self._path(segment.name)
            with contextlib.suppress(OSError):
                os.rename(old, self._path('%s-%s.refused' % (segment.seq, segment.mark)))
            self.remove(segment)

    def _make_room(self):
        """Beyond the bound the oldest go, but for the first: whether the hub has that is not known."""
        while len(self.segments) > 2 and (
            sum(segment.room for segment in self.segments) > self._max_bytes
            or sum(len(segment.held or b'') for segment in self.segments) > _QUEUE_BYTES
        ):
            first, oldest = self.segments[0], self.segments[1]
            replaced = [oldest]
            if oldest.kind == 'gap' and len(self.segments) > 3:
                replaced.append(self.segments[2])
            elif oldest.kind == 'gap':
                return
            dropped = sum(segment.dropped or segment.count for segment in replaced)
            line = self._gap_line(
                '[gap] %d lines missing: the hub was away for longer than the spool has room' % dropped, dropped
            )
            gap = _Segment(replaced[-1].seq, oldest.first, os.urandom(6).hex(), 1, 0, replaced[-1].place, 'gap')
            gap.dropped = dropped
            try:
                self._write(gap, line, 0, None)
            except OSError:
                gap.held, gap.length = line, len(line)
            for segment in replaced:
                with contextlib.suppress(OSError):
                    os.unlink(self._path(segment.name))
                self.segments.remove(segment)
            self.segments.remove(first)
            self.segments.appendleft(gap)
            self.segments.appendleft(first)
            _tell_once('spool-full', '%s is full; the oldest records are dropped and counted' % self.directory)


def _dropped_in(path):
    with contextlib.suppress(OSError, ValueError, KeyError):
        with open(path, encoding='utf-8') as file:
            return int(json.loads(file.readline())['dropped'])
    return 1


# --- What a killed process left in its log file only ------------------------------------------------------------------

_ENTRY_HEAD = re.compile(
    rb'^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.(\d{3}) \[(\d+)\] \[(TRACE|DEBUG|INFO|WARNING|ERROR|CRITICAL)\] '
)


class _Remains:
    """Entries between a place and the end of the log file, over the rotations in between.

    Files are opened at once, as rotation changes their names.
    """

    def __init__(self, log, place, logger, utc, is_json):
        self._logger = logger
        # In a log of text a line of JSON is what somebody said.
        self._is_json = is_json
        self._split_back = calendar.timegm if utc else time.mktime
        self._second = (None, 0)
        self._files = []
        self.is_known = True
        paths = [log.path] + log.rotated()
        for path in paths:
            if place.is_in(path):
                break
        else:
            self.is_known = False
            return
        for newer in paths[: paths.index(path) + 1][::-1]:
            with contextlib.suppress(OSError):
                inode = os.stat(newer).st_ino
                file = _open_log(newer)
                start = place.offset if newer == path else 0
                end = log.size if newer == log.path else None
                if end is not None and end <= start:
                    file.close()
                    continue
                file.seek(start)
                self._files.append((file, inode, start, end))

    def chunks(self):
        """Lists of JSON lines, each with the place behind them."""
        for file, inode, start, end in self._files:
            lines, length, at, entry = [], 0, start, []
            with file:
                for line in file:
                    if end is not None and at + len(line) > end:
                        break
                    if not line.endswith(b'\n'):
                        break
                    if entry and self._begins(line):
                        lines.append(self._entry(entry))
                        length += len(lines[-1])
                        if length > _SEGMENT_BYTES // 2 or len(lines) >= _SEGMENT_RECORDS:
                            yield lines, _Place.behind(at, inode, entry[-1])
                            lines, length = [], 0
                        entry = []
                    entry.append(line)
                    at += len(line)
                if entry:
                    lines.append(self._entry(entry))
                    yield lines, _Place.behind(at, inode, entry[-1])

    def _begins(self, line):
        return line.startswith(b'{"time":') if self._is_json else self._head(line) is not None

    def _head(self, line):
        """Match of the beginning of an entry; None of others, also of what looks like one on a day that never was."""
        found = _ENTRY_HEAD.match(line)
        if found is not None and self._second[0] != found.group(1):
            try:
                split = time.strptime(found.group(1).decode(), '%Y-%m-%d %H:%M:%S')
                self._second = (found.group(1), self._split_back(split))
            except (ValueError, OverflowError):
                return None
        return found

    def _entry(self, lines):
        if self._is_json:
            return lines[0] if len(lines) == 1 and lines[0].startswith(b'{') else self._odd(b''.join(lines))
        first = self._head(lines[0])
        if first is None:
            return self._odd(b''.join(lines))
        _, milliseconds, pid, level = first.groups()
        text = (lines[0][first.end() :] + b''.join(lines[1:]))[:-1].decode('utf-8', 'replace')
        created = self._second[1] + int(milliseconds) / 1000
        return _format_json_line(created, level.decode(), self._logger, text, None, int(pid)).encode()

    def _odd(self, data):
        text = data.rstrip(b'\n').decode('utf-8', 'replace')
        return _format_json_line(time.time(), 'INFO', self._logger, text, None, 0).encode()


# --- Delivery to a hub ------------------------------------------------------------------------------------------------

_QUEUE_RECORDS = 200000
_QUEUE_BYTES = 64 << 20
# The first record after a pause goes at once; more come in batches, as a hub remembers only so many names of batches.
_SHORT_LINGER_SECONDS, _LINGER_SECONDS = 0.02, 0.25
_POST_TIMEOUT_SECONDS = 30
_FIRST_DELAY_SECONDS, _LONGEST_DELAY_SECONDS = 1, 30
_EXIT_SECONDS = 2
# With those above five seconds at most: a hub that takes connections and never answers holds up no program that ends.
_STOP_SECONDS = 3
_TAKE_OVER_SECONDS = 30


class _Unanswered(Exception):
    """The hub gave no answer that can be understood."""


class _Hub:
    """Address of a hub, and the rights to send to it.

    HTTP by hand, on one connection that is kept: `http.client` brings `ssl` and `email` along, which is more memory than
    all the rest.
    """

    def __init__(self, url, token, source):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ('http', 'https') or not parts.hostname:
            shown = re.sub(r'//[^/@]*@', '//…@', str(url))
            raise ValueError("hub: %r is no address; give one such as 'http://127.0.0.1:7420'" % shown)
        self.url, self.token, self.source = url, token, source
        self._secure = parts.scheme == 'https'
        self._address = (parts.hostname, parts.port or (443 if self._secure else 80))
        self._host = parts.netloc.rpartition('@')[2]
        self._path = parts.path.rstrip('/')
        self._socket = self._answers = None
        self._is_ended = False

    def end(self):
        """Whoever waits for an answer waits no more, and nothing is asked again."""
        self._is_ended = True
        with contextlib.suppress(Exception):
            self._socket.shutdown(2)

    def close(self):
        for each in (self._answers, self._socket):
            if each is not None:
                with contextlib.suppress(Exception):
                    each.close()
        self._socket = self._answers = None

    def forget(self):
        """After a fork: closes this process's copy of the socket and says nothing to the hub."""
        sock, self._socket, self._answers = self._socket, None, None
        if sock is not None:
            with contextlib.suppress(Exception):
                os.close(sock.detach())

    def post(self, name, body):
        """Status, answer (a dict) and seconds to wait, if the hub named any. Raises _Unanswered."""
        words = urllib.parse.urlencode({'source': self.source, 'batch': name})
        lines = [
            'POST %s/api/v1/ingest?%s HTTP/1.1' % (self._path, words),
            'Host: %s' % self._host,
            'Content-Type: application/x-ndjson',
            'Content-Length: %d' % len(body),
        ]
        if self.token:
            lines.append('Authorization: Bearer %s' % self.token)
        request = '\r\n'.join(lines + ['', '']).encode('latin-1', 'replace') + body
        is_used = self._socket is not None
        try:
            return self._ask(request)
        except _Unanswered:
            # A connection that was kept may have been closed by the hub in the meantime.
            if not is_used:
                raise
        return self._ask(request)

    def _ask(self, request):
        try:
            if self._socket is None:
                self._connect()
            if self._is_ended:
                raise ValueError('closed')
            return self._exchange(request)
        except (OSError, ValueError) as error:
            self.close()
            raise _Unanswered(str(error)) from error

    def _connect(self):
        import socket

        self._socket = socket.create_connection(self._address, timeout=_POST_TIMEOUT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._secure:
            import ssl

            self._socket = ssl.create_default_context().wrap_socket(self._socket, server_hostname=self._address[0])
        self._answers = self._socket.makefile('rb')

    def _exchange(self, request):
        refused = None
        try:
            self._socket.sendall(request)
        except OSError as error:
            # A hub that refuses says so before it has read all, and closes.
            refused = error
        status, headers, text = _read_answer(self._answers)
        if refused is not None or headers.get('connection', '').lower() == 'close':
            self.close()
        wait = headers.get('retry-after', '')
        try:
            answer = json.loads(text)
        except ValueError:
            answer = {}
        return status, answer if isinstance(answer, dict) else {}, int(wait) if wait.isdigit() else None


def _read_answer(file):
    """Status, headers (names in lower case) and body of an HTTP response. Raises ValueError when it is none."""
    status = 100
    while status < 200:
        found = re.match(rb'HTTP/1\.[01] (\d{3})[ \r\n]', file.readline(1000))
        if not found:
            raise ValueError('no HTTP answer')
        status = int(found.group(1))
        headers = {}
        while True:
            line = file.readline(65536)
            if line in (b'\r\n', b'\n'):
                break
            name, colon, value = line.decode('latin-1').partition(':')
            if not colon or len(headers) > 200:
                raise ValueError('an HTTP answer that ends in its head')
            headers[name.strip().lower()] = value.strip()
    if headers.get('transfer-encoding', '').lower() == 'chunked':
        body = b''
        while True:
            length = int(file.readline(100).split(b';')[0], 16)
            body += _read_exactly(file, length)
            while file.readline(65536) not in (b'\r\n', b'\n', b''):
                pass
            if length == 0:
                return status, headers, body
    if 'content-length' in headers:
        return status, headers, _read_exactly(file, int(headers['content-length']))
    headers['connection'] = 'close'
    return status, headers, file.read(1 << 20)


def _read_exactly(file, length):
    data = file.read(length) if 0 <= length <= 16 << 20 else b''
    if len(data) != length:
        raise ValueError('an HTTP answer that ends in its body')
    return data


class _Delivery:
    """Takes records without waiting; one thread brings them to the spool, another from there to the hub."""

    def __init__(self, hub, claim, spool_bytes, log=None, kept=(5, False, None), utc=False, is_json=False, adopted=False):
        self._hub = hub
        self._claim = claim
        self._adopted = adopted
        self._spool_bytes = spool_bytes
        # How many rotated files there are, whether compressed, and where.
        self._kept = kept
        self._utc = utc
        self._is_json = is_json
        self._pid = os.getpid()
        self._lock = threading.RLock()
        self._queue = collections.deque()
        self._queued_bytes = 0
        self._lost = 0
        # A lock as a bell: releasing it can be done in a signal handler, setting an Event cannot.
        self._bell = threading.Lock()
        self._bell.acquire()
        self._asleep = False
        self._post_bell = threading.Lock()
        self._post_bell.acquire()
        self._retry_bell = threading.Lock()
        self._retry_bell.acquire()
        self.is_away = False
        self._closed = False
        self._synchronous = False
        self._is_ending = False
        self._threads = []
        self._drain_lock = threading.RLock()
        self._next_take_over = 0.0
        self.spool = _Spool(os.path.join(claim.directory, claim.stem + '.spool'), spool_bytes, self._gap_line)
        self._remains = None
        if log is not None:
            if self.spool.place is None:
                self.spool.write_place(_Place.behind(log.size, log.inode, log.tail()))
            else:
                self._remains = _Remains(log, self.spool.place, claim.base, utc, is_json)
                if not self._remains.is_known:
                    _tell_once(
                        'remains',
                        '%s is not the file it was; what a killed process left there does not reach the hub' % log.path,
                    )
                    self.spool.write_place(_Place.behind(log.size, log.inode, log.tail()))
        self._start(self._keep_spooling, 'logboom-spool')
        self._start(self._keep_posting, 'logboom-post')

    def _start(self, work, name):
        thread = threading.Thread(target=work, name=name, daemon=True)
        try:
            thread.start()
            self._threads.append(thread)
        except RuntimeError:
            # No thread starts any more when the interpreter ends.
            self._synchronous = True

    def _gap_line(self, text, dropped):
        return _format_json_line(time.time(), 'WARNING', 'logboom', text, {'dropped': dropped}, self._pid).encode()

    def put(self, data, offset, inode, line):
        """One record as a JSON line; the log file's length and inode behind its own line there, None without a file."""
        with self._lock:
            self._queue.append((data, offset, inode, line))
            self._queued_bytes += len(data)
            if self._queued_bytes > _QUEUE_BYTES or len(self._queue) > _QUEUE_RECORDS:
                self._queued_bytes -= len(self._queue.popleft()[0])
                self._lost += 1
        if self._synchronous:
            self._drain()
        elif self._asleep:
            self._asleep = False
            _ring(self._bell)

    def _drain(self):
        """Brings everything queued to the spool."""
        with self._drain_lock:
            if self._remains is not None:
                try:
                    for lines, place in self._remains.chunks():
                        self.spool.append(lines, place)
                except OSError:
                    raise
                except Exception as error:
                    # Never again for the same text: what comes now must go on.
                    _tell_once('remains', 'what a killed process had logged cannot be read to its end: %r' % error)
                self._remains = None
            with self._lock:
                items, self._queue = self._queue, collections.deque()
                self._queued_bytes = 0
                lost, self._lost = self._lost, 0
            if lost:
                line = self._gap_line('[gap] %d lines missing: more was logged than could be spooled' % lost, lost)
                self.spool.append([line], None)
            lines, length, place = [], 0, None
            for data, offset, inode, line in items:
                lines.append(data)
                length += len(data)
                if offset is not None:
                    place = (offset, inode, line)
                if length >= _SEGMENT_BYTES // 2 or len(lines) >= _SEGMENT_RECORDS:
                    self.spool.append(lines, place and _Place.behind(*place))
                    lines, length = [], 0
            if lines:
                self.spool.append(lines, place and _Place.behind(*place))
        # An adopted spool is over when its log file has nothing more.
        if self.spool.segments or self._adopted:
            _ring(self._post_bell)

    def _keep_spooling(self):
        drained_at = 0.0
        while not self._closed:
            try:
                self._drain()
                if not self._adopted:
                    self._take_over()
            except Exception as error:  # pylint: disable=broad-except
                _tell_once('spool-thread', 'records may not reach the hub: %r' % (error,))
            self._asleep = True
            if self._queue:
                self._asleep = False
            else:
                self._bell.acquire(timeout=_TAKE_OVER_SECONDS)
                self._asleep = False
            if self._closed:
                return
            is_fresh = time.monotonic() - drained_at > 1
            time.sleep(_SHORT_LINGER_SECONDS if is_fresh else _LINGER_SECONDS)
            drained_at = time.monotonic()

    def _keep_posting(self):
        delay = _FIRST_DELAY_SECONDS
        while not self._closed:
            wait = None
            # Asked first: whatever was read of a log then is in the spool, and so in what is looked at.
            is_read = self._remains is None
            try:
                head = self.spool.head()
                if head is not None:
                    wait = self._post(*head)
            except Exception as error:  # pylint: disable=broad-except
                _tell_once('post-thread', 'records are kept in %s: %r' % (self.spool.directory, error))
                wait = -1
            if wait == 0:
                delay, self.is_away = _FIRST_DELAY_SECONDS, False
            elif wait is None:
                if self._adopted and is_read:
                    return self._end_adoption()
                self._post_bell.acquire(timeout=_TAKE_OVER_SECONDS)
            else:
                self.is_away = True
                self._retry_bell.acquire(timeout=wait if wait > 0 else delay * (0.75 + os.urandom(1)[0] / 1024))
                delay = min(delay * 2, _LONGEST_DELAY_SECONDS)

    def _post(self, segment, data):
        """0: go on. Else seconds to wait, -1 where the hub names none."""
        name = '%s-%s-%d' % (self._claim.stem[:60].encode('ascii', 'replace').decode(), segment.mark, segment.seq)
        try:
            status, answer, wait = self._hub.post(name, data)
        except _Unanswered:
            return -1
        if 200 <= status < 300:
            self.spool.remove(segment)
            return 0
        error = answer.get('error') if isinstance(answer.get('error'), dict) else {}
        told = 'the hub at %s refuses records of %s (%d): %s' % (
            self._hub.url,
            self._hub.source,
            status,
            error.get('message') or 'no reason given',
        )
        if status in (409, 413):
            _tell_once(told, '%s; %d records stay in %s' % (told, segment.count, self.spool.directory))
            self.spool.set_aside(segment)
            return 0
        if 400 <= status < 500 and status not in (408, 429):
            hint = error.get('hint') or 'Check LOGBOOM_URL and LOGBOOM_TOKEN.'
            if status in (401, 403):
                hint = 'Set LOGBOOM_TOKEN to a token that may send to %s: logboom token add. %s' % (self._hub.source, hint)
            _tell_once(told, '%s %s They are kept in %s and sent when it takes them.' % (told, hint, self.spool.directory))
            return _LONGEST_DELAY_SECONDS
        return -1 if wait is None else max(1, min(wait, 300))

    def _take_over(self):
        """Sends what dead processes of the same name have left in spools of their own."""
        now = time.monotonic()
        if now < self._next_take_over:
            return
        self._next_take_over = now + _TAKE_OVER_SECONDS
        pattern = re.compile(r'^%s(?:\.(\d+))?\.spool$' % re.escape(self._claim.base))
        for entry in os.listdir(self._claim.directory):
            match = pattern.match(entry)
            number = int(match.group(1) or 1) if match else self._claim.number
            names = os.listdir(os.path.join(self._claim.directory, entry)) if number != self._claim.number else []
            if all(name.endswith('.refused') for name in names):
                continue
            claim = _try_claim(self._claim.directory, self._claim.base, number)
            if isinstance(claim, _Claim):
                self._adopt(claim)

    def _adopt(self, claim):
        try:
            path = os.path.join(claim.directory, claim.stem + '.log')
            log = _LogFile(claim, sys.maxsize, *self._kept, None) if os.path.exists(path) else None
            hub = _Hub(self._hub.url, self._hub.token, self._hub.source)
            delivery = _Delivery(hub, claim, self._spool_bytes, log, self._kept, self._utc, self._is_json, adopted=True)
            _deliveries.add(delivery)
            # It may have been over before it was here.
            if delivery._closed:  # pylint: disable=protected-access
                _deliveries.discard(delivery)
            if log is not None:
                log.close()
        except Exception:
            claim.release()
            raise

    def _end_adoption(self):
        self._closed = True
        _ring(self._bell)
        _deliveries.discard(self)
        for name in os.listdir(self.spool.directory):
            if not name.endswith('.refused'):
                os.unlink(os.path.join(self.spool.directory, name))
        with contextlib.suppress(OSError):
            os.rmdir(self.spool.directory)
        self._hub.close()
        self._claim.release()
        return None

    def flush(self, seconds):
        """Everything is in the spool afterwards, and at the hub if that answers within so many seconds. True: at the hub."""
        self._drain()
        if self._is_ending:
            return not self.spool.segments
        deadline = time.monotonic() + seconds
        while self.spool.segments and not self.is_away and time.monotonic() < deadline:
            time.sleep(0.005)
        return not self.spool.segments

    def end(self):
        """At exit: later records go to the spool at once."""
        self._synchronous = True
        # A hub that was away is asked once more.
        self.is_away = False
        _ring(self._retry_bell)
        self.flush(_EXIT_SECONDS)
        self._is_ending = True
        self._stop_threads()

    def _stop_threads(self):
        """A thread that the interpreter's end stops anywhere keeps its locks, and whoever logs afterwards would wait for ever."""
        deadline = time.monotonic() + _STOP_SECONDS
        self._closed = True
        for bell in (self._bell, self._post_bell, self._retry_bell):
            _ring(bell)
        self._hub.end()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, deadline - time.monotonic()))

    def close(self):
        self.end()
        _deliveries.discard(self)
        self._hub.close()
        self._claim.release()

    def forget(self):
        """After a fork, in the child: everything is the parent's."""
        self._closed = True
        self._hub.forget()
        self._claim.release()


def _ring(bell):
    with contextlib.suppress(RuntimeError):
        bell.release()


# Open ones of this process, for exit and fork.
_deliveries = set()

# --- Handlers ---------------------------------------------------------------------------------------------------------


def _hub_of(option, source):
    """The hub of option `hub`, of `LOGBOOM_URL`, or None."""
    if option is False:
        return None
    given = {} if option in (None, True) else {'url': option} if isinstance(option, str) else option
    if not isinstance(given, dict) or set(given) - {'url', 'token', 'source'}:
        # Values may be secrets.
        given = sorted(option) if isinstance(option, dict) else type(option).__name__
        raise ValueError("hub: give an address, or {'url': …, 'token': …, 'source': …}, or False; not %s" % (given,))
    url = given.get('url') or os.environ.get('LOGBOOM_URL')
    if not url:
        if option is None:
            return None
        raise ValueError('hub: no address is given; set LOGBOOM_URL, or give {"url": "http://127.0.0.1:7420"}')
    try:
        return _Hub(url, given.get('token') or os.environ.get('LOGBOOM_TOKEN'), given.get('source') or source)
    except ValueError as error:
        if given.get('url'):
            raise
        # What is wrong around a program does not keep it from starting.
        _tell_once('LOGBOOM_URL', 'LOGBOOM_URL: %s; records go to no hub' % error)
        return None


_showing = threading.local()


class _Counts:
    """What a handler has written, in figures."""

    def __init__(self):
        self.lines = self.bytes = self.errors = 0
        self.levels = dict.fromkeys(['TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'], 0)


class _Handler(logging.Handler):
    """What both handlers have in common: nothing is raised into the application, and forks begin anew."""

    def __init__(self, level=logging.NOTSET):
        super().__init__(level)
        self.counts = _Counts()
        self._is_open = False
        self._delivery = None
        self._supervised = _is_supervised()
        _handlers.append(self)

    def emit(self, record):
        try:
            if not self._is_open:
                # In the child of a fork, and after dictConfig, which closes all handlers there are.
                if self not in _handlers:
                    _handlers.append(self)
                self._open()
            self._emit(record)
        except Exception as error:  # pylint: disable=broad-except
            self.counts.errors += 1
            _tell_once('emit', 'a record is lost: %s' % _reason(error))

    def _count(self, level, size):
        counts = self.counts
        counts.lines += 1
        counts.bytes += size
        counts.levels[level] += 1

    def _print(self, record, location):
        """A line of JSON on standard output, for the hub that runs this process. Once for each record, however many handlers."""
        if record.__dict__.get('_logboom_shown'):
            return
        _mark_shown(record)
        created, level, name, pid = _head_of(record)
        pid = 0 if pid == _first_pid else pid
        message, fields = _message_of(record), _fields_of(record, location)
        data = _format_json_line(created, level, name, message, fields, pid).encode('utf-8', 'replace')
        with contextlib.suppress(Exception):
            # What the program has printed before comes before.
            sys.stdout.flush()
        _write_all(1, data)
        self._count(level, len(data))

    def flush(self):
        """Waits until everything is in the spool, and up to 2 s for the hub."""
        if self._delivery is not None:
            self._delivery.flush(_EXIT_SECONDS)

    def _forget(self):
        """After a fork, in the child: opened again by the child's first record."""
        self._is_open = False
        self.counts = _Counts()
        if self._delivery is not None:
            self._delivery.forget()
            self._delivery = None

    def close(self):
        """Brings everything to the spool and gives file and spool free.

        At the interpreter's end they stay open, as records may still come.
        """
        if not _exit['begun']:
            with _held_lock(self):
                if self._delivery is not None:
                    self._delivery.close()
                    self._delivery = None
                self._is_open = False
                self._close_file()
            with contextlib.suppress(ValueError):
                _handlers.remove(self)
        super().close()

    def _close_file(self):
        pass


def _mark_shown(record):
    """Keeps other handlers of ours from showing the record again; crashes ask whether it was shown."""
    if len(_handlers) > 1 or '_logboom_shown' in record.__dict__:
        record.__dict__['_logboom_shown'] = True


def _write_all(descriptor, data):
    while data:
        try:
            data = data[os.write(descriptor, data) :]
        except BlockingIOError:
            select.select([], [descriptor], [], 1)


_handlers = []
_exit = {'begun': False}
# Only this process is the one that a hub started.
_first_pid = os.getpid()


class _Output(_Handler):
    """File, console and hub of a logger that `get_logger` made."""

    def __init__(self, name, options):
        super().__init__()
        self._name = name
        self.options = options
        self._clock = _Clock(options['utc'])
        self._console_clock = _Clock(options['utc'])
        self._log = None
        self._claim = None
        self._hub = None if self._supervised else _hub_of(options['hub'], name)
        self._console = None if self._supervised else _console_of(options['console'])
        self._colored = self._console is not None and _wants_color(self._console)

    def _open(self):
        self._is_open = True
        _watch_exit_of_child()
        _watch_control()
        if self._supervised:
            return
        options = self.options
        directory = options['log_dir']
        if options['file'] or self._hub:
            try:
                directory = directory or _default_directory()
                os.makedirs(directory, exist_ok=True)
                self._claim = _claim(directory, _file_stem(self._name))
            except OSError as error:
                _tell_once('directory', '%s cannot be used, records go to the console only: %s' % (directory, error))
                return
        kept = (options['keep'], options['compress'], options['archive_dir'])
        if options['file']:
            try:
                self._log = _LogFile(self._claim, options['max_size'], *kept, self._gap_line)
                self._log.compress_later(self.lock)
            except OSError as error:
                _tell_once('file', '%s cannot be written, records go elsewhere only: %s' % (directory, error))
        if self._hub:
            try:
                spool_bytes = options['spool_bytes']
                self._delivery = _Delivery(
                    self._hub, self._claim, spool_bytes, self._log, kept, options['utc'], options['format'] == 'json'
                )
                _deliveries.add(self._delivery)
            except OSError as error:
                _tell_once('spool', '%s cannot be used, records do not reach the hub: %s' % (directory, error))
        if self._log is not None and self._claim.owner is not None:
            self._emit(_note(self._name, self._claim, self._log))

    def _gap_line(self, text):
        now, level, pid = time.time(), 'WARNING', os.getpid()
        if self.options['format'] == 'json':
            return _format_json_line(now, level, 'logboom', text, None, pid).encode()
        return _format_file_line(int(now * 1000), pid, level, text, self._clock).encode()

    def _emit(self, record):
        options = self.options
        if self._supervised:
            self._print(record, options['location'])
            return
        created, level, name, pid = _head_of(record)
        message = _message_of(record)
        fields = _fields_of(record, options['location'])
        text = message
        if fields:
            text += _format_fields({key: value for key, value in fields.items() if key not in _AUDIT_KEYS or value is not True})
        milliseconds = int(created * 1000)
        entry = None
        if options['format'] == 'json' or self._delivery is not None:
            entry = _format_json_line(created, level, name, message, fields, pid).encode('utf-8', 'replace')
        length = inode = line = None
        if self._log is not None:
            if options['format'] == 'json':
                line = entry
            else:
                line = _format_file_line(milliseconds, pid, level, text, self._clock).encode('utf-8', 'replace')
            length = self._log.write(line, milliseconds // 1000)
            inode = self._log.inode
            if length is None:
                self.counts.errors += 1
        if self._delivery is not None:
            self._delivery.put(entry, length, inode, line)
        if self._console is not None and not record.__dict__.get('_logboom_shown'):
            _mark_shown(record)
            self._show(milliseconds, pid, level, text)
        self._count(level, len(line or entry or text))

    def _show(self, milliseconds, pid, level, text):
        stream = getattr(sys, self._console, None)
        # A stream that logs what it is given would be given what it logs.
        if stream is None or getattr(_showing, 'is_on', False):
            return
        line = _format_console_line(milliseconds, pid, level, text, self._console_clock, self._colored)
        _showing.is_on = True
        try:
            stream.write(line)
            stream.flush()
        except UnicodeEncodeError:
            stream.write(line.encode('ascii', 'backslashreplace').decode('ascii'))
            stream.flush()
        except (OSError, ValueError):
            # A closed console is no reason to lose the file.
            self.counts.errors += 1
        finally:
            _showing.is_on = False

    def _forget(self):
        super()._forget()
        self._close_file()
        if self._hub is not None:
            self._hub.forget()

    def _close_file(self):
        if self._log is not None:
            self._log.close()
            self._log = None
        if self._claim is not None:
            self._claim.release()
            self._claim = None


def _note(name, claim, log):
    text = '%s.log is written by process %s already; this process writes %s' % (
        claim.base,
        claim.owner or '?',
        os.path.basename(log.path),
    )
    return logging.LogRecord(name, logging.WARNING, __file__, 0, text, (), None)


def _console_of(option):
    if option is True:
        return 'stderr'
    if option is False:
        return None
    if option in ('stdout', 'stderr'):
        return option
    raise ValueError("console: give True, False, 'stdout' or 'stderr', not %r" % (option,))


def _wants_color(name):
    """NO_COLOR and TERM=dumb say no, FORCE_COLOR says yes; else whether it is a terminal."""
    environment = os.environ
    if environment.get('NO_COLOR'):
        return False
    if 'FORCE_COLOR' in environment:
        return environment['FORCE_COLOR'] != '0'
    try:
        return getattr(sys, name).isatty() and environment.get('TERM') != 'dumb'
    except (AttributeError, ValueError):
        return False


class LogboomHandler(_Handler):
    """Sends records to a hub, for those who configure `logging` themselves, also by `dictConfig`.

    >>> logging.getLogger().addHandler(LogboomHandler(url='http://127.0.0.1:7420', source='shop'))

    `url` and `token` are those of LOGBOOM_URL and LOGBOOM_TOKEN unless given. `source` is the record's source at the hub;
    by default LOGBOOM_PROCESS, else the name of the main program's folder. `spool_dir` holds what has not reached the hub yet.
    """

    def __init__(
        self,
        url=None,
        token=None,
        source=None,
        spool_dir=None,
        spool_bytes=_DEFAULT_SPOOL_BYTES,
        location=False,
        level=logging.NOTSET,
    ):
        super().__init__(level)
        self._source = source or os.environ.get('LOGBOOM_PROCESS') or _app_name()
        self._directory = os.path.abspath(spool_dir or _usable_directory())
        self._spool_bytes = _parse_size('spool_bytes', spool_bytes)
        self._location = location
        self._hub = None
        _watch_control()
        given = {key: value for key, value in (('url', url), ('token', token)) if value}
        if not self._supervised:
            self._hub = _hub_of(given or None, self._source)
            if self._hub is None:
                _tell_once('no-hub', 'LogboomHandler sends nothing: no hub is named; set LOGBOOM_URL, or give it a url')

    def _open(self):
        self._is_open = True
        _watch_exit_of_child()
        _watch_control()
        if self._hub is None:
            return
        try:
            os.makedirs(self._directory, exist_ok=True)
            claim = _claim(self._directory, _file_stem(self._source))
            self._delivery = _Delivery(self._hub, claim, self._spool_bytes)
            _deliveries.add(self._delivery)
        except OSError as error:
            _tell_once('spool', '%s cannot be used, records do not reach the hub: %s' % (self._directory, error))

    def _emit(self, record):
        if self._supervised:
            self._print(record, self._location)
        elif self._delivery is not None:
            created, level, name, pid = _head_of(record)
            fields = _fields_of(record, self._location)
            data = _format_json_line(created, level, name, _message_of(record), fields, pid).encode('utf-8', 'replace')
            self._delivery.put(data, None, None, None)
            self._count(level, len(data))


# --- Loggers ----------------------------------------------------------------------------------------------------------

_DEFAULTS = {
    'log_dir': None,
    'level': None,
    'max_size': 10 << 20,
    'keep': 5,
    'compress': False,
    'archive_dir': None,
    'format': 'text',
    'utc': False,
    'console': True,
    'file': True,
    'hub': None,
    'location': False,
    'spool_bytes': _DEFAULT_SPOOL_BYTES,
    'capture_warnings': False,
}

_outputs = {}
_registry_lock = threading.RLock()


def get_logger(name='host', **options):
    """A standard `logging.Logger` that writes `<name>.log`, the console, and a hub if one is configured.

    >>> log = get_logger('host', log_dir='logs', level='DEBUG')
    >>> log.info('ready', extra={'port': 8080})     # 2025-10-19 05:55:47.606 [4157] [INFO] ready port=8080

    `None` is the root logger: everything that any part of the program logs; the file has the name of LOGBOOM_PROCESS, else
    that of the program's folder. A logger below one that was made here (`host.db`) writes where that one writes.

    log_dir           default: `<temporary directory>/<folder of the main program>/logs`
    level             name or number, INFO by default; LOG_LEVEL, LOGBOOM_LEVEL and --log-level beat it
    max_size, keep    10 MB and 5 rotated files, `host.log.1` the newest
    compress          rotated files as gzip
    archive_dir       directory of rotated files
    format            'text' or 'json'
    utc               times in UTC
    console           True (standard error), False, 'stdout' or 'stderr'
    file              False: no file
    hub               address, {'url', 'token', 'source'}, or False; default: LOGBOOM_URL and LOGBOOM_TOKEN
    location          module, function and line as fields
    spool_bytes       bound of what is kept while the hub is away, 256 MiB by default
    capture_warnings  what `warnings` says is logged, too
    """
    unknown = sorted(set(options) - set(_DEFAULTS))
    if unknown:
        raise TypeError('get_logger has no option %s; there are %s' % (', '.join(unknown), ', '.join(_DEFAULTS)))
    if name is not None and (not isinstance(name, str) or not name.strip()):
        raise ValueError('name: give text, or None for the root logger; not %r' % (name,))
    logger = logging.getLogger(name)
    with _registry_lock:
        output = _outputs.get(name)
        if output is not None:
            given = _checked({**{key: value for key, value in output.options.items()}, **options})
            if given != output.options:
                _tell_once(('options', name), 'get_logger(%r) was called before with other options; those hold' % (name,))
            return logger
        checked = _checked({**_DEFAULTS, **options})
        above = name
        while not options and above and '.' in above:
            above = above.rpartition('.')[0]
            if above in _outputs:
                return logger
        own = name or os.environ.get('LOGBOOM_PROCESS') or _app_name()
        output = _Output(own, checked)
        logger.setLevel(_level_from_outside() or checked['level'] or logging.INFO)
        _outputs[name] = output
        _levels.pop(logger, None)
        with _held_lock(output):
            try:
                output._open()  # pylint: disable=protected-access
            except Exception as error:  # pylint: disable=broad-except
                _tell_once('open', 'records of %s may go nowhere: %r' % (own, error))
        logger.addHandler(output)
        if checked['capture_warnings']:
            logging.captureWarnings(True)
            if name is not None:
                logging.getLogger('py.warnings').addHandler(output)
        _look_at_control()
    return logger


def get_logger_from_env(**options):
    """`get_logger` with the name in LOGBOOM_PROCESS, which Logboom sets for what it runs."""
    name = os.environ.get('LOGBOOM_PROCESS')
    if not name:
        raise RuntimeError('LOGBOOM_PROCESS is not set; set it to the name of this process, or call get_logger(name)')
    return get_logger(name, **options)


def _checked(options):
    checked = dict(options)
    if checked['level'] is not None:
        checked['level'] = _parse_level(checked['level'])
    for key in ('max_size', 'spool_bytes'):
        checked[key] = _parse_size(key, checked[key])
    keep = checked['keep']
    if not isinstance(keep, int) or isinstance(keep, bool) or not 0 <= keep <= 10000:
        raise ValueError('keep: give the number of rotated files, 0 to 10,000, not %r' % (keep,))
    if checked['compress'] not in (True, False, None, 'gzip'):
        raise ValueError("compress: give True, False or 'gzip', not %r" % (checked['compress'],))
    if checked['format'] not in ('text', 'json'):
        raise ValueError("format: give 'text' or 'json', not %r" % (checked['format'],))
    for key in ('utc', 'file', 'location', 'capture_warnings'):
        if not isinstance(checked[key], bool):
            raise ValueError('%s: give True or False, not %r' % (key, checked[key]))
    for key in ('log_dir', 'archive_dir'):
        if checked[key] is not None:
            checked[key] = os.path.abspath(os.fspath(checked[key]))
    _console_of(checked['console'])
    _hub_of(checked['hub'], 'any')
    return checked


def audit_log(logger, message, action=None, metadata=None, level=logging.INFO, **fields):
    """An audit record, whatever the logger's name.

    >>> audit_log(log, 'worker started', action='instance_spawn', metadata={'instance': 3})
    """
    if isinstance(logger, str):
        logger = logging.getLogger(logger)
    if isinstance(logger, logging.LoggerAdapter):
        # An adapter puts its own fields in place of those that it is given.
        fields = {**(logger.extra or {}), **fields}
        logger = logger.logger
    # Names that records have for themselves.
    extra = {'is_audit': True, **{key + '_' if key in _OWN_KEYS else key: value for key, value in fields.items()}}
    if action is not None:
        extra['action'] = action
    if metadata is not None:
        extra['metadata'] = metadata
    try:
        number = _parse_level(level)
        if number >= _SILENT:
            raise ValueError('no record is logged as %s' % level)
    except Exception as error:  # pylint: disable=broad-except
        # A level that is none must not keep an audit record from being written.
        _tell_once('audit-level', 'audit_log logs as INFO: %s' % _reason(error))
        number = logging.INFO
    logger.log(number, '%s', message, extra=extra, stacklevel=2)


def get_metrics():
    """Lines, bytes, errors and lines of each level: by the name of each logger that `get_logger` made."""
    return {
        name: {
            'lines': output.counts.lines,
            'bytes': output.counts.bytes,
            'errors': output.counts.errors,
            'levels': dict(output.counts.levels),
        }
        for name, output in list(_outputs.items())
    }


def flush(seconds=_EXIT_SECONDS):
    """Waits until everything logged is in the spool, and so long for the hub to have it. True: the hub has it."""
    return all([delivery.flush(seconds) for delivery in list(_deliveries)])


# --- Level at run time ------------------------------------------------------------------------------------------------

_CONTROL_SECONDS = 0.5
# Logger or handler → the level that it has without the file of LOGBOOM_CONTROL.
_levels = {}
_control = {'thread': None, 'seen': None}


def _watch_control():
    """Follows the file that LOGBOOM_CONTROL names: `{"level":"DEBUG"}`."""
    thread = _control['thread']
    if not os.environ.get('LOGBOOM_CONTROL') or (thread is not None and thread.is_alive()):
        return
    _control['thread'] = threading.Thread(target=_keep_watching, name='logboom-control', daemon=True)
    with contextlib.suppress(RuntimeError):
        _control['thread'].start()


def _keep_watching():
    while True:
        time.sleep(_CONTROL_SECONDS)
        try:
            _look_at_control(only_if_changed=True)
        except Exception as error:  # pylint: disable=broad-except
            _tell_once('control', 'the file of LOGBOOM_CONTROL is not followed: %r' % (error,))


def _look_at_control(only_if_changed=False):
    path = os.environ.get('LOGBOOM_CONTROL')
    if not path:
        return
    try:
        found = os.stat(path)
        seen = (found.st_ino, found.st_mtime_ns, found.st_size)
    except OSError:
        seen = None
    controlled = _controlled()
    # What a program sets up later has the level, too.
    state = (seen, [id(each) for each in controlled])
    if only_if_changed and state == _control['seen']:
        return
    level = None
    if seen is not None:
        try:
            with open(path, encoding='utf-8') as file:
                said = json.load(file)
            if not isinstance(said, dict):
                raise ValueError('it holds no object')
            level = None if said.get('level') is None else _parse_level(said['level'])
        except (OSError, ValueError) as error:
            _control['seen'] = state
            _tell_once(('control', seen), '%s changes nothing: %s' % (path, error))
            return
    _control['seen'] = state
    with _registry_lock:
        for each in controlled:
            if level is None:
                if each in _levels:
                    each.setLevel(_levels.pop(each))
            else:
                _levels.setdefault(each, each.level)
                each.setLevel(level)


def _controlled():
    """Loggers of `get_logger`, those that have a LogboomHandler, and such handlers where they have a level of their own."""
    loggers = [logging.getLogger(name) for name in list(_outputs)]
    ours = [handler for handler in list(_handlers) if isinstance(handler, LogboomHandler)]
    if ours:
        known = [logging.getLogger()] + list(logging.Logger.manager.loggerDict.values())
        loggers += [each for each in known if any(handler in ours for handler in getattr(each, 'handlers', ()))]
        loggers += [handler for handler in ours if handler.level != logging.NOTSET or handler in _levels]
    return loggers


# --- Streams for WebSocket clients ------------------------------------------------------------------------------------

_HELD_LINES = 1000
_CLIENT_LINES = 1000
_FRESH_LINES = 10000
_EARLY_SECONDS = 60

# Set while a client is being sent to: what its library logs then must not be sent again.
_sending = contextvars.ContextVar('logboom_sending', default=False)


def _running_loop():
    """The event loop that this thread is in, or None."""
    asyncio = sys.modules.get('asyncio')
    if asyncio is None:
        return None
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class _Done:
    """Nothing to wait for: `add_client(ws)` and `await add_client(ws)` are the same."""

    def __await__(self):
        return iter(())


class _Client:
    """A WebSocket with the messages that wait for it. Lives in its event loop."""

    def __init__(self, stream, socket, first):
        self._stream = stream
        self._socket = socket
        self._messages = collections.deque(first)
        self._dropped = 0
        import asyncio

        self._wake = asyncio.Event()
        if self._messages:
            self._wake.set()
        context = contextvars.copy_context()
        context.run(_sending.set, True)
        self._task = context.run(asyncio.ensure_future, self._keep_sending())

    def miss(self, count):
        self._dropped += count

    def offer(self, message):
        if len(self._messages) >= _CLIENT_LINES:
            self._messages.popleft()
            self._dropped += 1
        self._messages.append(message)
        self._wake.set()

    def end(self):
        self._task.cancel()

    async def _keep_sending(self):
        import asyncio

        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._messages:
                    if self._dropped:
                        dropped, self._dropped = self._dropped, 0
                        await self._send(_gap_message(dropped, 'this client did not keep up'))
                    await self._send(self._messages.popleft())
        except asyncio.CancelledError:
            raise
        except Exception:  # pylint: disable=broad-except
            self._stream.remove_client(self._socket)

    async def _send(self, message):
        import asyncio

        socket = self._socket
        if hasattr(socket, 'send_json'):
            sent = socket.send_json(message)
        else:
            text = json.dumps(message, ensure_ascii=False)
            send = getattr(socket, 'send_text', None) or getattr(socket, 'send_str', None) or socket.send
            sent = send(text)
        if hasattr(sent, '__await__'):
            await sent
        # A client whose send never waits lets others have their turn, too.
        await asyncio.sleep(0)


def _iso(created):
    milliseconds = int(created * 1000)
    return '%s.%03dZ' % (time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(milliseconds // 1000)), milliseconds % 1000)


def _gap_message(count, reason):
    lines = '1 line' if count == 1 else '%d lines' % count
    data = {
        'timestamp': _iso(time.time()),
        'level': 'WARNING',
        'logger': 'logboom',
        'message': '[gap] %s missing: %s' % (lines, reason),
        'module': 'logboom_logging',
        'function': '',
        'line': 0,
    }
    return {'type': 'system_log', 'data': data}


def _message_for_clients(record):
    """`system_log` or `audit_log` (SPEC B3)."""
    message = _message_of(record)
    created, level, name, _ = _head_of(record)
    data = {
        'timestamp': _iso(created),
        'level': 'DEBUG' if level == 'TRACE' else level,
        'logger': name,
        'message': _strip_ansi(message),
    }
    fields = _plain(_fields_of(record) or {})
    if _is_audit(record, message):
        for key in ('action', 'metadata', 'instance_id', 'event_type'):
            if fields.get(key) is not None:
                data[key] = fields[key]
        return {'type': 'audit_log', 'data': data}
    data.update(_plain({'module': record.module, 'function': record.funcName or '', 'line': record.lineno}))
    for key, value in fields.items():
        data.setdefault(key, value)
    return {'type': 'system_log', 'data': data}


class LogStreamHandler(logging.Handler):
    """Forwards records to WebSocket clients without waiting, from any thread: see `setup_log_streaming`."""

    def __init__(self):
        super().__init__()
        self._loop = None
        self._clients = {}
        self._had_client = False
        # Messages for the first client, from before it came.
        self._held = collections.deque()
        self._held_lost = 0
        self._fresh = collections.deque()
        # Lines that came faster than the event loop took them.
        self._fresh_lost = 0
        self._is_scheduled = False

    def emit(self, record):
        if _sending.get():
            return
        try:
            if self._had_client and not self._clients:
                return
            message = _message_for_clients(record)
            if not self._had_client:
                if len(self._held) >= _HELD_LINES:
                    self._held.popleft()
                    self._held_lost += 1
                self._held.append(message)
                return
            if len(self._fresh) >= _FRESH_LINES:
                self._fresh.popleft()
                self._fresh_lost += 1
            self._fresh.append(message)
            if not self._is_scheduled:
                self._is_scheduled = True
                self._loop.call_soon_threadsafe(self._distribute)
        except RuntimeError:
            # The loop has ended.
            self._is_scheduled = False
        except Exception as error:  # pylint: disable=broad-except
            _tell_once('stream', 'a record is not streamed: %s' % _reason(error))

    def _distribute(self):
        self._is_scheduled = False
        with _held_lock(self):
            lost, self._fresh_lost = self._fresh_lost, 0
        for client in list(self._clients.values()):
            client.miss(lost)
        while self._fresh:
            try:
                message = self._fresh.popleft()
            except IndexError:
                return
            for client in list(self._clients.values()):
                client.offer(message)

    def add_client(self, socket):
        """Registers a WebSocket, which has `send_json` (FastAPI, Starlette, aiohttp), `send_text`, `send_str` or `send`."""
        loop = _running_loop()
        if loop is not None:
            self._loop = loop
            self._add(socket)
        elif self._loop is not None:
            self._loop.call_soon_threadsafe(self._add, socket)
        else:
            raise RuntimeError('add_client: call setup_log_streaming(loop) first, or call it in the event loop')
        return _Done()

    def _add(self, socket):
        with _held_lock(self):
            if id(socket) in self._clients:
                return
            self._distribute()
            first = [] if self._had_client else list(self._held)
            if self._held_lost and first:
                reason = 'more than %d were logged before a client came' % _HELD_LINES
                first.insert(0, _gap_message(self._held_lost, reason))
            self._held.clear()
            self._had_client = True
            self._clients[id(socket)] = _Client(self, socket, first)

    def remove_client(self, socket):
        """Ends what `add_client` began; also for a socket that is gone already."""
        if _running_loop() is not None:
            self._remove(socket)
        elif self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._remove, socket)
        return _Done()

    def _remove(self, socket):
        client = self._clients.pop(id(socket), None)
        if client is not None:
            client.end()

    @property
    def client_count(self):
        return len(self._clients)

    def _forget(self):
        """After a fork, in the child: the clients are the parent's."""
        self._clients = {}
        self._fresh.clear()
        self._is_scheduled = False


@contextlib.contextmanager
def _held_lock(handler):
    handler.acquire()
    try:
        yield
    finally:
        handler.release()


_stream = LogStreamHandler()


class _Early:
    """Records from before `setup_log_streaming`, of the first minute at most.

    A record factory, as a handler on the root logger would make `basicConfig` do nothing.
    """

    def __init__(self):
        self.records = collections.deque(maxlen=_HELD_LINES)
        self.count = 0
        self._until = time.monotonic() + _EARLY_SECONDS
        self._before = logging.getLogRecordFactory()
        self._factory = self._make
        logging.setLogRecordFactory(self._factory)

    def _make(self, *args, **keywords):
        record = self._before(*args, **keywords)
        if self._until is not None:
            if time.monotonic() > self._until:
                self.end()
            else:
                self.records.append(record)
                self.count += 1
        return record

    def end(self):
        """The records; from now on none is kept."""
        self._until = None
        records, self.records = list(self.records), collections.deque(maxlen=_HELD_LINES)
        if logging.getLogRecordFactory() is self._factory:
            logging.setLogRecordFactory(self._before)
        return records


_early = _Early()


def setup_log_streaming(loop=None):
    """Forwards everything the application logs to the clients of `get_log_stream_handler()`. A second call changes nothing.

    `loop` is the event loop of the clients; by default the running one, else that of the first client. Lines from before (1,000)
    go to the first client. A root logger that nobody has configured lets INFO and up through from now on.
    """
    loop = loop or _running_loop()
    root = logging.getLogger()
    with _registry_lock:
        if _stream in root.handlers:
            return _stream
        if loop is not None:
            _stream._loop = loop  # pylint: disable=protected-access
        if not root.handlers and root.level == logging.WARNING:
            root.setLevel(_level_from_outside() or logging.INFO)
        records = _early.end()
        _stream._held_lost += _early.count - len(records)  # pylint: disable=protected-access
        for record in records:
            _stream.handle(record)
        root.addHandler(_stream)
    return _stream


def get_log_stream_handler():
    """The one handler of this process that WebSocket clients are added to.

    >>> async def monitor(websocket):
    ...     await get_log_stream_handler().add_client(websocket)
    """
    return _stream


# --- Crashes ----------------------------------------------------------------------------------------------------------

_crash = {'logger': None, 'installed': False}


def install_crash_handlers(logger=None):
    """Uncaught exceptions, of any thread, are logged as CRITICAL with their traceback before what happened anyway happens.

    >>> install_crash_handlers(log)

    `logger`: by default the first that `get_logger` made, else the root logger. A second call changes the logger only.
    """
    _crash['logger'] = logger
    if _crash['installed']:
        return
    _crash['installed'] = True
    before, before_in_thread = sys.excepthook, threading.excepthook

    def hook(kind, value, trace):
        shown = _record_crash('uncaught exception', kind, value, trace)
        if not (shown and before is sys.__excepthook__):
            before(kind, value, trace)

    def thread_hook(args):
        shown = False
        if args.exc_type is not SystemExit:
            name = args.thread.name if args.thread is not None else '?'
            value = args.exc_value if args.exc_value is not None else args.exc_type()
            shown = _record_crash('uncaught exception in thread %s' % name, args.exc_type, value, args.exc_traceback)
        if not (shown and before_in_thread is getattr(threading, '__excepthook__', None)):
            before_in_thread(args)

    sys.excepthook = hook
    threading.excepthook = thread_hook


def _record_crash(message, kind, value, trace):
    """True when the record itself was shown on the console, or to the hub that reads it."""
    if not issubclass(kind, Exception):
        return False
    try:
        logger = _crash['logger'] or logging.getLogger(next(iter(_outputs), None))
        record = logger.makeRecord(logger.name, logging.CRITICAL, '', 0, message, (), (kind, value, trace), 'excepthook')
        record.__dict__['_logboom_shown'] = False
        if logger.isEnabledFor(logging.CRITICAL):
            logger.handle(record)
        return bool(record.__dict__.get('_logboom_shown'))
    except Exception as error:  # pylint: disable=broad-except
        _tell_once('crash', 'an uncaught exception is not logged: %s' % _reason(error))
        return False


# --- Fork and exit ----------------------------------------------------------------------------------------------------


def _after_fork_in_child():
    """Files, spools, connections and clients are the parent's; the child's first record opens its own."""
    global _registry_lock  # pylint: disable=global-statement
    _registry_lock = threading.RLock()
    _control['thread'] = None
    for delivery in list(_deliveries):
        delivery.forget()
    _deliveries.clear()
    for handler in list(_handlers) + [_stream]:
        with contextlib.suppress(Exception):
            handler._forget()  # pylint: disable=protected-access


def _watch_exit_of_child():
    """Children of multiprocessing end without `atexit`."""
    util = sys.modules.get('multiprocessing.util')
    process = sys.modules.get('multiprocessing.process')
    if util is not None and process is not None and process.parent_process() is not None:
        util.Finalize(None, _at_exit, exitpriority=1000)


def _at_exit():
    _exit['begun'] = True
    for delivery in list(_deliveries):
        with contextlib.suppress(Exception):
            delivery.end()


if hasattr(os, 'register_at_fork'):
    os.register_at_fork(after_in_child=_after_fork_in_child)
atexit.register(_at_exit)
