"""`completion` prints the script by which a shell completes the program's commands and options."""

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

from hailo_piper.cli.tree import Argument, Command, tree_of


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:  # noqa: ARG001 - it reads no configuration
    """Add this command to a parser's commands. `common` has the options of every command."""
    completion = commands.add_parser(
        "completion",
        help="print the completion of a shell",
        description="Prints the script by which a shell completes hailo-piper's commands and options.\n"
        "An installation puts all three in place; these are for an installation of your own.",
        examples=[
            ("bash", "hailo-piper completion bash > ~/.local/share/bash-completion/completions/hailo-piper"),
            ("zsh, in a directory of $fpath", "hailo-piper completion zsh > ~/.zfunc/_hailo-piper"),
            ("fish", "hailo-piper completion fish > ~/.config/fish/completions/hailo-piper.fish"),
        ],
    )
    completion.add_argument("shell", choices=list(_SHELLS), help="whose completion")
    completion.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Print the script. Returns the exit code."""
    from hailo_piper.cli.program import build_parser

    sys.stdout.write("\n".join(_SHELLS[options.shell](tree_of(build_parser()))) + "\n")
    return 0


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _bash(program: Command) -> Iterator[str]:
    yield "# bash completion for hailo-piper; made by: hailo-piper completion bash"
    commands = "|".join(f'"{command.name}"' for command in program.all() if len(command.path) > 1)
    yield _BASH_HEAD.replace("@COMMANDS@", commands)
    yield '    case "$path $previous" in'
    for command in program.all():
        for option in filter(lambda option: option.value, command.options):
            patterns = "|".join(f'"{command.name} {flag}"' for flag in option.flags)
            yield f"        {patterns}) {_bash_value(option)}; return ;;"
    yield "    esac"
    yield '    case "$path" in'
    for command in program.all():
        words = [flag for option in command.options for flag in option.flags]
        words += [choice for argument in command.arguments if not argument.flags for choice in argument.choices]
        names = " ".join([child.path[-1] for child in command.commands] + words)
        yield f'        "{command.name}") _hailo_piper_words "{names}" ;;'
    yield from ("    esac", "}", "complete -F _hailo_piper hailo-piper")


def _bash_value(option: Argument) -> str:
    if option.is_path:
        return f"_hailo_piper_files {'-d' if option.value == 'DIR' else '-f'}"
    return f'_hailo_piper_words "{" ".join(option.choices)}"'


_BASH_HEAD = """\
_hailo_piper_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }

_hailo_piper_files() {
    mapfile -t COMPREPLY < <(compgen "$1" -- "$current")
    compopt -o filenames
}

_hailo_piper() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} path=hailo-piper word
    # `--option=value` comes as three words.
    if [[ $current == = ]]; then
        current=''
    elif [[ $previous == = ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "$path $word" in
            @COMMANDS@) path="$path $word" ;;
        esac
    done
    COMPREPLY=()"""


def _zsh(program: Command) -> Iterator[str]:
    yield "#compdef hailo-piper"
    yield "# zsh completion for hailo-piper; made by: hailo-piper completion zsh"
    for command in program.all():
        yield ""
        yield f"{_function(command)}() {{"
        yield "    local context state state_descr line"
        yield "    typeset -A opt_args"
        specs = [_zsh_spec(argument) for argument in command.arguments]
        specs += ["'1: :->command'", "'*:: :->rest'"] if command.commands else []
        yield "    _arguments -s -C \\"
        yield " \\\n".join(f"        {spec}" for spec in specs)
        if command.commands:
            names = " ".join(_quoted(f"{child.path[-1]}:{child.help}") for child in command.commands)
            yield "    case $state in"
            yield f"        command) local -a commands=({names}); _describe command commands ;;"
            yield "        rest) case ${words[1]} in"
            for child in command.commands:
                yield f"            {child.path[-1]}) {_function(child)} ;;"
            yield "        esac ;;"
            yield "    esac"
        yield "}"
    yield from ("", f'{_function(program)} "$@"')


def _function(command: Command) -> str:
    return "_" + re.sub(r"\W", "_", command.name)


def _zsh_spec(argument: Argument) -> str:
    kind = f"({' '.join(argument.choices)})" if argument.choices else "_files" if argument.is_path else " "
    if argument.value == "DIR":
        kind = "_files -/"
    value = f":{_zsh_escaped(argument.value.lower())}:{kind}"
    if not argument.flags:
        return _quoted(("*" if argument.repeats else "") + value)
    described = f"[{_zsh_escaped(argument.help)}]{value if argument.value else ''}"
    if len(argument.flags) == 1:
        return _quoted(_zsh_flag(argument, argument.flags[0]) + described)
    flags = ",".join(_zsh_flag(argument, flag) for flag in argument.flags)
    return f"'({' '.join(argument.flags)})'{{{flags}}}{_quoted(described)}"


def _zsh_flag(argument: Argument, flag: str) -> str:
    return f"{flag}=" if argument.value and flag.startswith("--") else flag


def _zsh_escaped(text: str) -> str:
    return re.sub(r"([\[\]:\\])", r"\\\1", text)


def _fish(program: Command) -> Iterator[str]:
    yield "# fish completion for hailo-piper; made by: hailo-piper completion fish"
    commands = " ".join(_quoted(command.name) for command in program.all() if len(command.path) > 1)
    yield _FISH_HEAD.replace("@COMMANDS@", commands)
    yield "complete -c hailo-piper -f"
    for command in program.all():
        test = f'test (__hailo_piper_path) = "{command.name}"'
        condition = f"-n {_quoted(test)}"
        for child in command.commands:
            yield f"complete -c hailo-piper {condition} -a {child.path[-1]} -d {_quoted(child.help)}"
        for argument in command.arguments:
            flags = " ".join(f"-{'l' if flag.startswith('--') else 's'} {flag.lstrip('-')}" for flag in argument.flags)
            value = _fish_value(argument)
            if flags or value:
                parts = ["complete -c hailo-piper", condition, flags, value, f"-d {_quoted(argument.help)}"]
                yield " ".join(filter(None, parts))


def _fish_value(argument: Argument) -> str:
    if argument.is_path:
        return "-r -F"
    exclusive = "-x" if argument.flags and argument.value else ""
    choices = f"-a {_quoted(' '.join(argument.choices))}" if argument.choices else ""
    return f"{exclusive} {choices}".strip()


_FISH_HEAD = """\
function __hailo_piper_path
    set -l path hailo-piper
    for word in (commandline -opc)[2..-1]
        if contains -- "$path $word" @COMMANDS@
            set path "$path $word"
        end
    end
    echo $path
end"""

_SHELLS: dict[str, Callable[[Command], Iterator[str]]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}
