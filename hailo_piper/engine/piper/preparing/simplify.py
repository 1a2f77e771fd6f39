"""The simplification removes what serves only batches of texts, or conditions that a voice lacks."""

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

from hailo_piper.engine.piper.preparing.wiring import Wiring, attribute, read_instead


def without_masks(model: ModelProto) -> None:
    """Multiply by one where the graph multiplies by a mask: a single text is never padded, so nothing is masked.

    The optimiser then removes the multiplication. Other uses of the mask stay, since they read its shape.
    """
    wiring = Wiring(model.graph)
    one = "unmasked"
    model.graph.initializer.append(helper.make_tensor(one, TensorProto.FLOAT, [], [1.0]))
    for node in model.graph.node:
        if node.op_type == "Mul":
            masks = [position for position, name in enumerate(node.input) if is_mask(wiring, name)]
            if len(masks) == 1:
                node.input[masks[0]] = one


def without_fillers(model: ModelProto) -> None:
    """Replace a tensor that repeats one number, in the shape of another tensor, by that number.

    The flow adds zeros (for conditions that the voice lacks) and multiplies by their exponential; the optimiser can
    remove this once it sees the number.
    """
    wiring = Wiring(model.graph)
    for node in model.graph.node:
        if node.op_type == "ConstantOfShape" and wiring.producer(node.input[0], "Shape") is not None:
            value = attribute(node, "value")
            number = numpy_helper.to_array(value).reshape(()) if isinstance(value, TensorProto) else np.float32(0)
            name = f"{node.output[0]}_number"
            model.graph.initializer.append(numpy_helper.from_array(np.asarray(number), name))
            read_instead(model.graph, node.output[0], name)


def is_mask(wiring: Wiring, name: str) -> bool:
    """Return whether this is `position < length` as a number, by which VITS blanks the padding of a batch."""
    comparison = wiring.producer(wiring.walk_back(name, "Cast", "Unsqueeze"), "Less")
    if comparison is None or name in wiring.constants:
        return False
    return wiring.producer(wiring.walk_back(comparison.input[0], "Cast", "Unsqueeze"), "Range") is not None
