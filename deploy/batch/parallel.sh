#!/bin/bash
# parallel.sh NUMBER LINES.jsonl DIR [OPTION...]: with the machines that `parallel` knows, or on this one alone.
# PARALLEL="--sshloginfile machines --workdir ." names the machines; they see LINES.jsonl and DIR by the same paths.
set -eu
number=$1 lines=$2 directory=$3
shift 3
seq 0 "$((number - 1))" | parallel --retries 3 --line-buffer --tag --quote \
  hailo-piper batch "$lines" --out "$directory" --threads 1 --shard "{}/$number" "$@"
