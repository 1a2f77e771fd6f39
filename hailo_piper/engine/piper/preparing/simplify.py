"""Takes out what a voice does only for batches of texts, or for conditions that it does not have."""

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

from hailo_piper.engine.piper.preparing.wiring import Wiring, attribute, read_instead


def without_masks(model: ModelProto) -> None:
    """Multiply by one where the graph multiplies by a mask: one text, never padded, has nothing to mask.

    The optimiser then removes the multiplication. Other uses stay: they take the mask's shape.
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
    """Let one number stand for a tensor of that number in some other tensor's shape.

    The flow adds zeros (of conditions it does not have) and multiplies by their exponential, which the
    optimiser can only remove once it sees them.
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
    """Whether this is `position < length` as a number, by which VITS blanks the padding of a batch."""
    comparison = wiring.producer(wiring.walk_back(name, "Cast", "Unsqueeze"), "Less")
    if comparison is None or name in wiring.constants:
        return False
    return wiring.producer(wiring.walk_back(comparison.input[0], "Cast", "Unsqueeze"), "Range") is not None
