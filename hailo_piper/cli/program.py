"""The program's parser has all commands, or only those that are needed now."""

import importlib
from collections.abc import Sequence

from hailo_piper import __version__
from hailo_piper.cli.parser import NAME, Parser, common_options

EXIT_CODES = (
    "0 done, 1 failed, 2 wrong usage or text, 65 wrong lines of a batch, 69 port not available, 74 disk full, "
    "78 configuration, 130 Ctrl-C, 128 + the number for other signals (143 SIGTERM, 129 SIGHUP)"
)
COMMANDS = {
    "serve": "hailo_piper.cli.commands.serve",
    "say": "hailo_piper.cli.commands.say",
    "batch": "hailo_piper.cli.commands.batch",
    "read": "hailo_piper.cli.commands.read",
    "explain": "hailo_piper.cli.commands.explain",
    "lexicon": "hailo_piper.cli.commands.lexicon",
    "prepare": "hailo_piper.cli.commands.prepare",
    "bench": "hailo_piper.cli.commands.bench",
    "check-config": "hailo_piper.cli.commands.check_config",
    "verify": "hailo_piper.cli.commands.verify",
    "voices": "hailo_piper.cli.commands.voices",
    "completion": "hailo_piper.cli.commands.completion",
    "manual": "hailo_piper.cli.commands.manual",
}
"""Each command with its module; a start imports that of its own command alone."""


def build_parser(names: Sequence[str] = ()) -> "Parser":
    """Return the parser of these commands, or of all if none is named."""
    parser = Parser(
        prog=NAME,
        description="A private speech server: Piper voices over OpenAI's text-to-speech API.",
        examples=[
            ("answer requests on port 5003", "hailo-piper serve"),
            ("speak", 'hailo-piper say "Good morning."'),
            ("more about a command", "hailo-piper say --help"),
        ],
    )
    parser.epilog = f"{parser.epilog}\n\nexit codes: {EXIT_CODES}"
    parser.add_argument("--version", action="version", version=f"hailo-piper {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    common = common_options()
    for name in names or COMMANDS:
        importlib.import_module(COMMANDS[name]).add_to(commands, common)
    return parser
