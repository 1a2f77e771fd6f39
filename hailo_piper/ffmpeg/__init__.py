"""FFmpeg's libraries, in process: compressed formats, and tempo without pitch."""
