"""Two errors say why a model cannot be prepared."""


class NotAVoice(ValueError):  # noqa: N818 - it says what the file is
    """A file that is not a readable ONNX model, or does not have the inputs of a Piper voice."""


class CannotCut(Exception):  # noqa: N818 - nothing is wrong with such a voice
    """A voice that cannot be cut into stages: it has to be run as one whole graph."""
