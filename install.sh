#!/usr/bin/env bash
# Installs hailo-piper as a systemd service, or takes it away: looks, prints its plan, acts, and lets the service speak.
# Run twice it changes nothing. It never overwrites /etc/hailo/hailo-piper.yaml.
#
# Usage: sudo ./install.sh [OPTION]...
#   --download-model    fetch a voice: the one of --model, else en_US-lessac-medium
#   --model NAME        the voice to fetch, as the hub names it; a new configuration speaks with it
#   --model-url URL     fetch it from this hub or mirror, or from the address of its .onnx there
#   --reconfigure       only bring /etc/hailo/hailo-piper*.yaml into force: limits, restart where something changed
#   --uninstall         take the service away; configuration and voices stay
#   --purge             take everything away; asks first
#   --yes               do not ask
#   --dry-run           look and print the plan, change nothing
#   -h, --help          this text
#
# Variables:
#   PYTHON=python3      the interpreter to build on, 3.11 or newer
#   DESTDIR=            stage the files below this directory, without user, service or root
#
# Exit codes: 0 done, 1 failed, 2 wrong usage, 78 the configuration has mistakes.

set -Eeuo pipefail
umask 022
unset CDPATH

PYTHON=${PYTHON:-python3}
DESTDIR=${DESTDIR:-}
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly checkout

readonly user=hailo-piper
readonly code=/opt/hailo-piper
readonly config=/etc/hailo
readonly yaml=$config/hailo-piper.yaml
readonly rendered=/etc/xdg/hailo-piper
readonly state=/var/lib/hailo-piper
readonly models=$state/models
readonly units=/etc/systemd/system
readonly sysusers=/usr/lib/sysusers.d/hailo-piper.conf
readonly command_link=/usr/local/bin/hailo-piper
readonly share=/usr/local/share
# What shells and man read, each by its name in a release.
declare -rA shared=([bash]=$share/bash-completion/completions/hailo-piper [zsh]=$share/zsh/site-functions/_hailo-piper
    [fish]=$share/fish/vendor_completions.d/hailo-piper.fish [man]=$share/man/man1/hailo-piper.1)
readonly limits=50-hailo-piper-limits.conf
readonly default_model=en_US-lessac-medium
readonly needed_megabytes=1000
# What a release shows its operator; README and docs link to all of it.
readonly pages=(README.md ARCHITECTURE.md CHANGELOG.md CONTRIBUTING.md SECURITY.md docs benchmarks deploy LICENSE)
readonly sources=(hailo_piper config systemd render_config.py pyproject.toml hatch_build.py "${pages[@]}")

action=install model='' model_url='' download='' assume_yes='' dry_run=''
work='' building='' switched='' previous='' problems=() plan=()
restarting=() failed_fetch=''

usage() { sed -n '2,/^$/{s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; }
step() { printf '\n== %s\n' "$*"; }
tell() { printf '   %s\n' "$*"; }
warn() { printf '!! %s\n' "$*" >&2; }
die() {
    local status=$1
    shift
    printf '!! %s\n' "$@" >&2
    exit "$status"
}

main() {
    parse "$@"
    look_for_package
    work=$(mktemp -d)
    chmod 755 "$work"
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    case $action in
    uninstall | purge) remove ;;
    *) install_all ;;
    esac
}

parse() {
    while (($#)); do
        case $1 in
        --download-model) download=yes ;;
        --model | --model-url)
            [[ ${2:-} && $2 != -* ]] || die 2 "$1 wants a value; ./install.sh --help tells more"
            if [[ $1 == --model ]]; then model=$2; else model_url=$2; fi
            download=yes
            shift
            ;;
        --reconfigure | --uninstall | --purge)
            [[ $action == install ]] || die 2 "--$action and $1 do not go together"
            action=${1#--}
            ;;
        --yes) assume_yes=yes ;;
        --dry-run) dry_run=yes ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) die 2 "unknown option: $1" "./install.sh --help shows them all" ;;
        esac
        shift
    done
    [[ ! $download || $action == install ]] || die 2 "--$action does not fetch voices"
    [[ $model != */* && $model != .* ]] || die 2 "--model wants a name such as $default_model, no path"
    # The address of one .onnx names the voice itself.
    [[ $model || $model_url == *.onnx ]] || model=$default_model
    [[ $model ]] || model=$(basename "$model_url" .onnx)
}

clean_up() {
    local status=$?
    trap - EXIT
    if [[ $building ]]; then rm -rf "$building"; fi
    rm -rf "$work"
    exit "$status"
}

# --- look -----------------------------------------------------------------------------------------------------------

look() {
    step "Looking"
    local missing
    [[ $DESTDIR || $dry_run || $EUID == 0 ]] || problems+=("this needs root: sudo ./install.sh")
    [[ $DESTDIR || -d /run/systemd/system ]] || problems+=("systemd does not run here; without it: make serve")
    case $(uname -m) in
    x86_64 | aarch64) ;;
    *) problems+=("$(uname -m) is neither x86_64 nor aarch64: there are no wheels for it") ;;
    esac
    look_python
    for missing in "${sources[@]}"; do
        [[ -e $checkout/$missing ]] || problems+=("$checkout/$missing is missing: run install.sh from a whole checkout")
    done
    [[ $DESTDIR ]] || look_memory_controller
    if ((${#problems[@]})); then die 1 "${problems[@]}" "Nothing was changed."; fi
    release_id=$(identify)
    release=$code/releases/$release_id
    previous=$(readlink "$DESTDIR$code/current" || true)
    is_built || look_space
    tell "release $release_id, $("$PYTHON" -V), $(uname -m)"
    if [[ ! $DESTDIR && ! -e $yaml ]] && ! is_active hailo-piper; then
        printf '{"server": {"host": "0.0.0.0", "port": 5003}}' >"$work/default.json"
        check_port "$PYTHON" "$work/default.json" || die 1 "$port_problem" \
            "Take another: mkdir -p $config && cp config/hailo-piper.yaml $yaml, edit server.port there, run this again." \
            "Nothing was changed."
    fi
    if [[ ! $DESTDIR && -x $release/venv/bin/python && -e $release/complete ]]; then check_configs "$release"; fi
}

# The Debian package has the same service, user and files.
look_for_package() {
    local status
    [[ ! $DESTDIR ]] || return 0
    status=$(dpkg-query --show --showformat '${db:Status-Status}' hailo-piper 2>/dev/null) || return 0
    [[ $status == not-installed || $status == config-files ]] ||
        die 1 "The Debian package hailo-piper is installed. Go on with it (sudo dpkg-reconfigure hailo-piper after an edit)," \
            "or take it away first; configuration and voices stay: sudo apt remove hailo-piper" "Nothing was changed."
}

look_python() {
    local path
    path=$(command -v "$PYTHON" || true)
    if [[ ! $path ]]; then
        problems+=("there is no $PYTHON; name one: sudo PYTHON=/usr/bin/python3.11 ./install.sh")
    elif ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        problems+=("$("$PYTHON" -V) is too old: 3.11 or newer is needed (Debian and Raspberry Pi OS from bookworm on)")
    elif ! "$PYTHON" -c 'import sys; sys.exit(sys.maxsize < 2**32)'; then
        problems+=("this is a 32-bit system, and there are no 32-bit wheels: use the 64-bit Raspberry Pi OS")
    elif ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
        if [[ ! $DESTDIR ]] && command -v apt-get >/dev/null; then
            plan+=("install python3-venv with apt-get")
        else
            problems+=("$PYTHON has no venv: sudo apt install python3-venv")
        fi
    fi
    [[ $path && ! $DESTDIR ]] || return 0
    # The sandbox shows the service no home directories, and lets it run nothing outside of /usr and its own code.
    path=$("$PYTHON" -c 'import os, sys; print(os.path.realpath(sys.executable))')
    [[ $path == /usr/* ]] || problems+=("$path is outside of /usr: the service's sandbox would not let it run")
}

look_space() {
    local directory=$DESTDIR$code free
    while [[ ! -d $directory ]]; do directory=$(dirname "$directory"); done
    free=$(df --output=avail --block-size=1M "$directory" | tail -n 1)
    ((free >= needed_megabytes)) ||
        die 1 "$directory has ${free//[[:space:]]/} MB free; $needed_megabytes MB are needed. Nothing was changed."
}

# Stock Raspberry Pi kernels start with the memory controller off; MemoryMax then does nothing, without a word.
look_memory_controller() {
    local controllers=/sys/fs/cgroup/cgroup.controllers boot=/boot/firmware/cmdline.txt
    if [[ -e $controllers ]]; then
        if grep -qw memory "$controllers"; then return; fi
    elif grep -q $'^memory\t.*\t1$' /proc/cgroups; then
        return
    fi
    [[ -e $boot ]] || boot=/boot/cmdline.txt
    warn "The kernel's memory controller is off: MemoryMax has no effect (the service bounds its own memory all the same)."
    warn "To turn it on: sudo sed -i '1 s/\$/ cgroup_enable=memory/' $boot && sudo reboot"
}

# A release is what its files and its Python make it.
identify() {
    local version
    version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$checkout/pyproject.toml")
    printf '%s-%s' "$version" "$(
        cd "$checkout"
        {
            find "${sources[@]}" -type f ! -path '*/__pycache__/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
            "$PYTHON" -c 'import sys; print(sys.version, sys.executable)'
        } | sha256sum | cut -c1-12
    )"
}

is_active() { systemctl is-active --quiet "$1"; }

# The YAML files that there are: the main one and those of further instances.
config_files() { find "$config" -maxdepth 1 \( -name hailo-piper.yaml -o -name 'hailo-piper-*.yaml' \) 2>/dev/null | sort; }

name_of() { basename "$1" .yaml; }
unit_of() { if [[ $1 == "$yaml" ]]; then echo hailo-piper; else name_of "$1" | sed 's/^hailo-piper-/hailo-piper@/'; fi; }

# Render every YAML beside; stops with all mistakes of all files before anything is replaced.
check_configs() {
    local file name bad=''
    while read -r file; do
        name=$(name_of "$file")
        "$1/venv/bin/python" "$1/render_config.py" --input "$file" --output "$work/$name.json" \
            --limits "$work/$name.limits" || bad=yes
    done < <(config_files)
    [[ ! $bad ]] || die 78 "The configuration has mistakes: mend them and run this again. Nothing was changed."
    while read -r file; do
        name=$(name_of "$file")
        if [[ $file == "$yaml" ]] || is_active "$(unit_of "$file")"; then
            check_own_port "$1/venv/bin/python" "$name" "$(unit_of "$file")" ||
                die 1 "$port_problem" "Change server.port in $file, or stop what has it. Nothing was changed."
        fi
    done < <(config_files)
}

# A port that the running service has already is no obstacle.
check_own_port() {
    local listening="import json, sys; s = json.load(open(sys.argv[1]))['server']; print(s['host'], s['port'])"
    if is_active "$3" && [[ -e $rendered/$2.json ]] &&
        [[ $("$1" -c "$listening" "$work/$2.json") == $("$1" -c "$listening" "$rendered/$2.json") ]]; then
        return
    fi
    check_port "$1" "$work/$2.json"
}

check_port() {
    port_problem=$("$1" - "$2" <<'PYTHON'
import json, socket, sys
server = json.load(open(sys.argv[1]))["server"]
try:
    family, _, _, _, address = socket.getaddrinfo(
        server["host"], server["port"], type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    socket.create_server(address[:2], family=family).close()
except OSError as error:
    print(f"cannot listen on {server['host']} port {server['port']}: {error.strerror}")
PYTHON
    )
    [[ ! $port_problem ]]
}

# --- plan -----------------------------------------------------------------------------------------------------------

make_plan() {
    local file name unit
    is_built || plan+=("build $release (about 400 MB, wheels only)")
    [[ $DESTDIR ]] || getent passwd "$user" >/dev/null || plan+=("create the user $user")
    [[ ! $download ]] || plan+=("have the voice $model in $models")
    [[ -e $DESTDIR$yaml ]] || plan+=("write $yaml")
    units_are_in_place || plan+=("install the units in $units")
    [[ $previous == "releases/$release_id" ]] || plan+=("take it into use: $code/current, $command_link")
    [[ ! $DESTDIR ]] || return 0
    while read -r file; do
        name=$(name_of "$file") unit=$(unit_of "$file")
        if [[ -e $work/$name.limits ]]; then
            cmp -s "$work/$name.limits" "$units/$unit.service.d/$limits" || plan+=("set the limits of $unit")
        fi
        if needs_restart "$file"; then
            restarting+=("$unit")
        fi
    done < <(config_files)
    [[ -e $yaml ]] || restarting=(hailo-piper)
    systemctl is-enabled --quiet hailo-piper 2>/dev/null || plan+=("start hailo-piper at every boot")
    if ((${#restarting[@]})); then plan+=("start or restart ${restarting[*]}"); fi
}

# The main service is to run; an instance only if it does already.
needs_restart() {
    local name unit
    name=$(name_of "$1") unit=$(unit_of "$1")
    if ! is_active "$unit"; then [[ $1 == "$yaml" ]] && return; return 1; fi
    [[ $previous != "releases/$release_id" ]] || ! units_are_in_place ||
        ! cmp -s "$work/$name.json" "$rendered/$name.json" ||
        ! cmp -s "$work/$name.limits" "$units/$unit.service.d/$limits"
}

is_built() { [[ -e $DESTDIR$release/complete ]]; }

# Reconfiguring leaves them as they are.
units_are_in_place() {
    [[ $action == reconfigure ]] || {
        cmp -s "$checkout/systemd/hailo-piper.service" "$DESTDIR$units/hailo-piper.service" &&
            cmp -s "$checkout/systemd/hailo-piper@.service" "$DESTDIR$units/hailo-piper@.service"
    }
}

show_plan() {
    step "Plan"
    if ((${#plan[@]})); then printf '   - %s\n' "${plan[@]}"; else tell "nothing to do"; fi
    if [[ $dry_run ]]; then
        step "This was a dry run: nothing was changed"
        exit 0
    fi
}

# --- act ------------------------------------------------------------------------------------------------------------

install_all() {
    if [[ $action == reconfigure && ! -e $code/current/complete ]]; then die 1 "hailo-piper is not installed"; fi
    lock
    look
    if [[ $action == reconfigure && $previous != "releases/$release_id" ]]; then
        # Reconfiguring must not upgrade: what is installed stays, whatever this checkout is.
        release_id=${previous#releases/} release=$code/$previous
        check_configs "$release"
    fi
    make_plan
    show_plan
    ! is_planned "install python3-venv" || install_venv_module
    is_built || build
    if [[ $DESTDIR ]]; then
        stage
        return
    fi
    [[ -e $work/hailo-piper.json ]] || check_configs "$release"
    building=''
    make_user_and_directories
    [[ ! $download ]] || fetch_model
    write_yaml
    # With the operator's files read (or just written), what is to be in force is known.
    check_configs "$release"
    if ((${#restarting[@]})); then prepare_voices; fi
    if ((${#plan[@]})); then put_in_place; fi
    if ((${#restarting[@]})); then start || roll_back; fi
    verify || roll_back
    remove_old_releases
    what_next
}

is_planned() { printf '%s\n' "${plan[@]}" | grep -q "^$1"; }

lock() {
    [[ ! $DESTDIR && ! $dry_run && $EUID == 0 ]] || return 0
    exec 9>/run/hailo-piper-install.lock
    flock --nonblock 9 || die 1 "another install.sh is at work"
}

install_venv_module() {
    step "Installing python3-venv"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq --no-install-recommends python3-venv ||
        { apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv; } ||
        die 1 "python3-venv could not be installed. Nothing else was changed."
}

# Beside the release in use, which goes on serving; a failure leaves nothing.
# One line for each package as it comes, of pip's many.
package_lines() {
    sed -u -n -E 's/^ *((Downloading|Using cached) .*\.whl( \(.*)?)$/   \1/p; s/^Installing collected.*/   Putting them in place .../p'
}

# The completions and the man page of a release, made by its own command.
describe() {
    local shell
    mkdir -p "$1/share"
    for shell in bash zsh fish; do "$1/venv/bin/hailo-piper" completion "$shell" >"$1/share/$shell" || return; done
    "$1/venv/bin/hailo-piper" manual >"$1/share/man"
}

build() {
    step "Building $release"
    local target=$DESTDIR$release
    rm -rf "$target"
    building=$target
    mkdir -p "$target" "$work/source"
    (cd "$checkout" && tar --exclude=__pycache__ -cf - "${sources[@]}") | tar --no-same-owner -xf - -C "$work/source"
    (cd "$work/source" && cp -r config systemd render_config.py "${pages[@]}" "$target")
    export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_INPUT=1
    if ! {
        "$PYTHON" -m venv "$target/venv" &&
            "$target/venv/bin/python" -m pip wheel --quiet --no-deps --wheel-dir "$work/wheels" "$work/source" &&
            PYTHONUNBUFFERED=1 "$target/venv/bin/python" -m pip install --progress-bar off --only-binary=:all: \
                "$work/wheels"/*.whl | package_lines &&
            "$target/venv/bin/hailo-piper" --version >/dev/null &&
            describe "$target"
    }; then
        die 1 "The release could not be built; the lines above say why. Nothing was changed."
    fi
    if [[ $DESTDIR ]]; then
        # Scripts name their interpreter by its path; what is staged will lie elsewhere.
        grep -rlIF "$DESTDIR" "$target/venv/bin" "$target/venv/pyvenv.cfg" | xargs -r sed -i "s|$DESTDIR||g"
        "$PYTHON" -m compileall -q -f -s "$DESTDIR" -p / "$target/venv/lib" >/dev/null || true
    fi
    touch "$target/complete"
}

stage() {
    building=''
    install -d "$DESTDIR$config" "$DESTDIR$units" "$(dirname "$DESTDIR$sysusers")" "$(dirname "$DESTDIR$command_link")"
    [[ -e $DESTDIR$yaml ]] || install -m 644 "$checkout/config/hailo-piper.yaml" "$DESTDIR$yaml"
    # Where install.sh runs on the machine itself it makes the user; a package leaves that to systemd-sysusers.
    replace "$checkout/systemd/hailo-piper.sysusers" "$DESTDIR$sysusers"
    put_files
    "$DESTDIR$release/venv/bin/python" "$DESTDIR$release/render_config.py" --input "$DESTDIR$yaml" \
        --output "$work/hailo-piper.json" --limits "$work/hailo-piper.limits" || die 78 "$DESTDIR$yaml has mistakes."
    replace "$work/hailo-piper.limits" "$DESTDIR$units/hailo-piper.service.d/$limits"
    step "Staged in $DESTDIR"
}

make_user_and_directories() {
    getent passwd "$user" >/dev/null || systemd-sysusers "$checkout/systemd/hailo-piper.sysusers"
    own_directory root "$config"
    own_directory root "$rendered"
    own_directory "$user" "$state"
    own_directory "$user" "$state/cache"
    own_directory root "$models"
}

own_directory() {
    [[ -d $2 && $(stat -c %U "$2") == "$1" ]] || install -d -m 755 -o "$1" -g "$(id -gn "$1")" "$2"
}

# Put a file in place at once, and only if it is another one.
replace() {
    if cmp -s "$1" "$2"; then return; fi
    mkdir -p "$(dirname "$2")"
    install -m 644 "$1" "$2.new"
    mv "$2.new" "$2"
    tell "$2"
}

fetch_model() {
    step "Fetching the voice $model"
    local options=(--directory "$models")
    [[ ! $model_url ]] || options+=(--catalogue-url "$model_url")
    [[ ! -e $work/hailo-piper.json ]] || options+=(--config "$work/hailo-piper.json")
    if ! "$release/venv/bin/hailo-piper" voices fetch "$model" "${options[@]}"; then
        failed_fetch=yes
        warn "The voice that was in use goes on speaking."
    fi
}

write_yaml() {
    [[ ! -e $yaml ]] || return 0
    cp "$checkout/config/hailo-piper.yaml" "$work/new.yaml"
    if [[ $download && ! $failed_fetch ]]; then
        sed -i "s|^  model_path: null$|  model_path: $models/$model.onnx|" "$work/new.yaml"
    fi
    step "Writing"
    replace "$work/new.yaml" "$yaml"
}

# As the service would do itself at its first start, but without its CPU quota and before anybody waits.
prepare_voices() {
    local unit
    step "Preparing the voice for streaming on this machine"
    for unit in "${restarting[@]}"; do
        (cd / && runuser -u "$user" -- env HOME="$state" XDG_CACHE_HOME="$state/cache" PYTHONDONTWRITEBYTECODE=1 \
            "$release/venv/bin/hailo-piper" prepare --config "$work/${unit/@/-}.json") ||
            warn "It will be spoken sentence by sentence."
    done
}

put_in_place() {
    local file unit
    step "Putting in place"
    mkdir "$work/before"
    cp -a "$units"/hailo-piper*.service "$units"/hailo-piper*.service.d "$work/before/" 2>/dev/null || true
    switched=yes
    put_files
    while read -r file; do
        unit=$(unit_of "$file")
        replace "$work/$(name_of "$file").limits" "$units/$unit.service.d/$limits"
    done < <(config_files)
    systemctl daemon-reload
    systemctl is-enabled --quiet hailo-piper 2>/dev/null || systemctl enable --quiet hailo-piper
}

put_files() {
    if [[ $action != reconfigure ]]; then
        replace "$checkout/systemd/hailo-piper.service" "$DESTDIR$units/hailo-piper.service"
        replace "$checkout/systemd/hailo-piper@.service" "$DESTDIR$units/hailo-piper@.service"
    fi
    point "releases/$release_id" "$DESTDIR$code/current"
    point "$code/current/venv/bin/hailo-piper" "$DESTDIR$command_link"
    local name
    for name in "${!shared[@]}"; do
        mkdir -p "$(dirname "$DESTDIR${shared[$name]}")"
        point "$code/current/share/$name" "$DESTDIR${shared[$name]}"
    done
}

# A link that never is absent.
point() {
    [[ $(readlink "$2" || true) != "$1" ]] || return 0
    ln -sfn "$1" "$2.new"
    mv -T "$2.new" "$2"
    tell "$2 -> $1"
}

start() {
    local unit
    step "Starting ${restarting[*]}"
    for unit in "${restarting[@]}"; do
        systemctl reset-failed "$unit" 2>/dev/null || true
        systemctl restart "$unit" || return 1
    done
}

verify() {
    step "Verifying"
    "$release/venv/bin/hailo-piper" verify --config "$rendered/hailo-piper.json"
}

# To the release and the units that were in use, if there were any.
roll_back() {
    warn "The service does not speak. What it said last:"
    journalctl --unit hailo-piper --lines 20 --no-pager --output=cat >&2 || true
    [[ $switched && $previous && $previous != "releases/$release_id" ]] ||
        die 1 "docs/troubleshooting.md says what to do; then run this again."
    warn "Going back to $previous."
    point "$previous" "$code/current"
    rm -rf "$units"/hailo-piper*.service "$units"/hailo-piper*.service.d
    cp -a "$work/before/." "$units/"
    systemctl daemon-reload
    start || true
    rm -rf "$release"
    die 1 "The new release does not speak here; the old one is back."
}

remove_old_releases() {
    find "$code/releases" -mindepth 1 -maxdepth 1 ! -name "$release_id" -exec rm -rf {} +
}

what_next() {
    local in_use
    in_use=$(sed -n 's/^ *"model_path": "\(.*\)",*$/\1/p' "$rendered/hailo-piper.json")
    step "Done: hailo-piper speaks"
    if [[ $download && ! $failed_fetch && $in_use != "$models/$model.onnx" ]]; then
        tell "To speak with $model: in $yaml, under piper, set"
        tell "  model_path: $models/$model.onnx"
        tell "and run: sudo ./install.sh --reconfigure"
    fi
    tell "Configuration   $yaml, then: sudo ./install.sh --reconfigure"
    tell "Log             journalctl -u hailo-piper -f"
    tell "Check           hailo-piper verify"
    if [[ $failed_fetch ]]; then die 1 "The service speaks, but the voice $model could not be fetched; see above."; fi
}

# --- remove ---------------------------------------------------------------------------------------------------------

remove() {
    local unit path
    local gone=("$units"/hailo-piper.service "$units"/hailo-piper@.service "$units"/hailo-piper.service.d
        "$units"/hailo-piper@*.service.d "$command_link" "${shared[@]}" "$code" "$rendered" "$state/cache")
    [[ $action != purge ]] || gone+=("$config"/hailo-piper.yaml "$config"/hailo-piper-*.yaml "$state")
    [[ ! $DESTDIR ]] || die 2 "--$action and DESTDIR do not go together"
    [[ $EUID == 0 || $dry_run ]] || die 1 "this needs root: sudo ./install.sh --$action"
    [[ -d /run/systemd/system ]] || die 1 "systemd does not run here"
    lock
    for path in "${gone[@]}"; do [[ ! -e $path && ! -L $path ]] || plan+=("remove $path"); done
    if [[ $action == purge ]] && getent passwd "$user" >/dev/null; then plan+=("remove the user $user"); fi
    show_plan
    if [[ $action == purge && ! $assume_yes ]] && ((${#plan[@]})); then
        [[ -t 0 ]] || die 1 "--purge removes configuration and voices: say --yes. Nothing was changed."
        read -r -p "   Remove all this, configuration and voices included? [y/N] " path
        [[ $path == [yY]* ]] || die 1 "Nothing was changed."
    fi
    while read -r unit _; do
        systemctl disable --now --quiet "$unit" 2>/dev/null || systemctl stop "$unit"
    done < <(systemctl list-units --all --plain --no-legend 'hailo-piper.service' 'hailo-piper@*.service')
    find "$units" -type l \( -name 'hailo-piper.service' -o -name 'hailo-piper@*.service' \) -delete
    rm -rf "${gone[@]}"
    # Directories that hold nothing else; most systems have none of them.
    rmdir "$share"/bash-completion{/completions,} "$share"/zsh{/site-functions,} "$share"/fish{/vendor_completions.d,} \
        "$share/man/man1" 2>/dev/null || true
    systemctl daemon-reload
    systemctl reset-failed 'hailo-piper*' 2>/dev/null || true
    if [[ $action == purge ]]; then
        rmdir "$config" 2>/dev/null || true
        getent passwd "$user" >/dev/null && userdel "$user"
        rm -f /run/hailo-piper-install.lock
        step "Done: nothing of hailo-piper is left"
    else
        [[ ! -d $state ]] || chown root:root "$state"
        rm -f /run/hailo-piper-install.lock
        step "Done: $config and $models stay; ./install.sh --purge removes them too"
    fi
}

main "$@"
