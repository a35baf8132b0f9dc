package pyedit

import "strings"

// importKind is the section that an import belongs to, in the order of isort.
type importKind int

const (
	future importKind = iota
	standardLibrary
	thirdParty
	firstParty
	relative
)

// kindOf asks s.FirstParty. Without it a package that is not known to be installed is taken for the project's own,
// unless it stands among such.
func kindOf(k sortKey, s Style, amongThirdParty func() bool) importKind {
	root := k.root()
	switch {
	case root == ".":
		return relative
	case root == "__future__":
		return future
	case standardModules[root]:
		return standardLibrary
	case s.FirstParty != nil && s.FirstParty(root):
		return firstParty
	case s.FirstParty != nil:
		return thirdParty
	case knownThirdParty[root], amongThirdParty():
		return thirdParty
	}
	return firstParty
}

// knownThirdParty is packages that stand beside SQLAlchemy in async projects. It decides only where a line goes in a
// file that imports nothing of SQLAlchemy.
var knownThirdParty = set(`
advanced_alchemy aiohttp aiosqlite alembic anyio arq asyncpg attr attrs blinker bs4 celery click cryptography
dependency_injector dishka factory faker fastapi fastapi_users flask flask_sqlalchemy geoalchemy2 graphene greenlet
httpx itsdangerous jinja2 jose jwt litestar loguru markupsafe marshmallow msgspec multipart numpy orjson pandas passlib
pgvector psycopg psycopg2 pydantic pydantic_core pydantic_settings pyramid pytest pytest_asyncio quart redis requests
rich sanic sentry_sdk sqlalchemy sqlalchemy_utils sqlmodel starlette strawberry stripe structlog tenacity typer
typing_extensions uvicorn uvloop werkzeug wtforms yaml zope`)

// standardModules is sys.stdlib_module_names of CPython 3.11 and what 3.12 to 3.14 added, names with an underscore
// left out.
var standardModules = set(`
abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii
bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall
compression concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm
decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch
fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http
idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma
mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath
nturl2path numbers opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform
plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri
random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site
smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string
stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap
this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing
unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc
zipapp zipfile zipimport zlib zoneinfo`)

func set(names string) map[string]bool {
	out := map[string]bool{}
	for _, name := range strings.Fields(names) {
		out[name] = true
	}
	return out
}
