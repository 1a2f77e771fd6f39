"""An SSML error tells where a document is wrong, and how to write it right."""

from hailo_piper.errors import InvalidRequestError


class SsmlError(InvalidRequestError):
    """A document that is no SSML, or goes over a bound; `line` and `column` count from 1, in code points."""

    def __init__(self, why: str, line: int, column: int) -> None:
        super().__init__(f"The SSML is wrong at line {line}, column {column}: {why}", param="text")
        self.line = line
        self.column = column
