#!/bin/bash
#SBATCH --job-name=hailo-piper
#SBATCH --array=0-63
#SBATCH --cpus-per-task=4
#SBATCH --mem=2G
#SBATCH --time=04:00:00
#SBATCH --requeue
# sbatch slurm.sh LINES.jsonl DIR [OPTION...]
set -eu
lines=$1 directory=$2
shift 2
exec hailo-piper batch "$lines" --out "$directory" --threads "${SLURM_CPUS_PER_TASK:-1}" \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" "$@"
