"""The image's health check: exits 0 where the service in this container answers /live with 200."""

import http.client
import os
import sys


def main() -> int:
    """Ask. Returns the exit code."""
    host = os.environ.get("HAILO_PIPER__SERVER__HOST", "127.0.0.1")
    port = os.environ.get("HAILO_PIPER__SERVER__PORT", "5003")
    connection = http.client.HTTPConnection(host, int(port), timeout=4)
    try:
        connection.request("GET", "/live")
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, http.client.HTTPException) as error:
        sys.stderr.write(f"http://{host}:{port}/live: {error}\n")
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
