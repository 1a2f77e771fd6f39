"""The two ways a model can refuse to be prepared."""


class NotAVoice(ValueError):  # noqa: N818 - it says what the file is
    """The file is no readable ONNX model, or not one with a Piper voice's inputs."""


class CannotCut(Exception):  # noqa: N818 - nothing is wrong with such a voice
    """A voice, but not one that can be cut into stages: it has to be run as one whole graph."""
