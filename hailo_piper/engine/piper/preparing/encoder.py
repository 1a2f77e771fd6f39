"""The rewritten encoder has banded attention, fused layer norms and splines, and no masks or padded copies.

It is cheaper and has the same result. What is not recognised is left as it is; the comparison with the whole graph
decides whether the result is used.
"""

from onnx import GraphProto, ModelProto, NodeProto, helper

from hailo_piper.engine.piper.preparing.attention import narrow_attention
from hailo_piper.engine.piper.preparing.simplify import without_masks
from hailo_piper.engine.piper.preparing.spline import join_splines
from hailo_piper.engine.piper.preparing.wiring import Wiring, attribute, pruned

OLDEST_OPSET = 13
"""The oldest that has Softmax, Split and Squeeze as they are used here."""
NEEDED_OPSET = 17
"""The first that has LayerNormalization."""


def rewritten(encoder: ModelProto) -> ModelProto | None:
    """Return a faster encoder, or None where nothing of it was recognised. The argument is left as it was."""
    model = ModelProto()
    model.CopyFrom(encoder)
    opset = next((item for item in model.opset_import if item.domain in {"", "ai.onnx"}), None)
    if opset is None or opset.version < OLDEST_OPSET:
        return None
    opset.version = max(opset.version, NEEDED_OPSET)
    without_masks(model)
    recognised = narrow_attention(model.graph) + join_layer_norms(model.graph) + join_pads(model.graph)
    recognised += join_splines(model)
    return pruned(model) if recognised else None


def join_pads(graph: GraphProto) -> int:
    """Make each convolution pad its input itself, where the graph copies that into a larger tensor first."""
    wiring = Wiring(graph)
    done = set()
    for pad in graph.node:
        if (conv := _padded_convolution(wiring, pad)) is None:
            continue
        match wiring.array(pad.input[1]).tolist():
            case [0, 0, before, 0, 0, after]:
                others = [item for item in conv.attribute if item.name != "pads"]
                del conv.attribute[:]
                conv.attribute.extend([*others, helper.make_attribute("pads", [before, after])])
                conv.input[0] = pad.input[0]
                done.add(pad.output[0])
    kept = [node for node in graph.node if node.output[0] not in done]
    del graph.node[:]
    graph.node.extend(kept)
    return len(done)


def _padded_convolution(wiring: Wiring, pad: NodeProto) -> NodeProto | None:
    """Return the one convolution that reads what is padded with zeros, the same number for every text."""
    readers = wiring.consumers.get(pad.output[0], [])
    if pad.op_type != "Pad" or [node.op_type for node in readers] != ["Conv"]:
        return None
    if (
        any(pad.input[2:])
        or attribute(pad, "mode") not in {None, b"constant"}
        or any(attribute(readers[0], "pads") or [])
    ):
        return None
    return readers[0] if pad.input[1] in wiring.constants else None


def join_layer_norms(graph: GraphProto) -> int:
    """Replace each (x - mean) / sqrt(mean((x - mean) ** 2) + epsilon) * gamma + beta by one node."""
    wiring = Wiring(graph)
    joined = [norm for node in graph.node if node.op_type == "Pow" and (norm := _layer_norm(wiring, node)) is not None]
    replaced = {node.output[0] for node in joined}
    kept = [node for node in graph.node if node.output[0] not in replaced]
    del graph.node[:]
    graph.node.extend(kept + joined)
    return len(joined)


def _layer_norm(wiring: Wiring, square: NodeProto) -> NodeProto | None:
    chain = [square]
    for operation in ("ReduceMean", "Add", "Sqrt", "Div", "Mul", "Add"):
        readers = wiring.consumers.get(chain[-1].output[0], [])
        if len(readers) != 1 or readers[0].op_type != operation:
            return None
        chain.append(readers[0])
    _, variance, padded, _, quotient, scaled, shifted = chain
    centred = wiring.producer(square.input[0], "Sub")
    mean = wiring.producer(centred.input[1], "ReduceMean") if centred is not None else None
    if centred is None or mean is None or mean.input[0] != centred.input[0]:
        return None
    if quotient.input[0] != square.input[0]:
        return None
    if not (_over_last_axis(wiring, mean) and _over_last_axis(wiring, variance)):
        return None
    constants = [[name for name in node.input if name in wiring.constants] for node in (padded, scaled, shifted)]
    if [len(names) for names in constants] != [1, 1, 1]:
        return None
    (epsilon,), (gamma,), (beta,) = constants
    return helper.make_node(
        "LayerNormalization",
        [centred.input[0], gamma, beta],
        [shifted.output[0]],
        name=f"{shifted.name}_norm",
        axis=-1,
        epsilon=float(wiring.array(epsilon).item()),
    )


def _over_last_axis(wiring: Wiring, node: NodeProto) -> bool:
    """Return whether a reduction is over the last axis alone: an attribute before opset 18, an input from there on."""
    axes = attribute(node, "axes")
    if axes is None and len(node.input) > 1 and node.input[1] in wiring.constants:
        axes = wiring.array(node.input[1]).tolist()
    return bool(axes == [-1])
