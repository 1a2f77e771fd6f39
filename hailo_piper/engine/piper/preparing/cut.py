"""A Piper voice is cut into stages, at places found by the shape of the graph.

Names differ between exports, so they are not used. A VITS voice is three models in one file, and two tensors
join them:

    input, input_lengths, scales[, sid], speed -> ENCODER -> z_p -> FLOW -> features -> DECODER -> audio
                                                     +--> conditions --^---------------^   (many speakers only)

All noise is drawn in the encoder, and what follows looks only a few frames to each side, so it can be run part by part
with the result of one run on everything. The first layers of a HiFi-GAN look far and cost little, so they go with the
flow, which runs a unit in order and carries over what the next part needs; the features are what its second upsampling
reads. The decoder is left with what costs most and looks a frame to each side, in windows of any order.
"""

from dataclasses import dataclass, replace
from math import prod

from onnx import AttributeProto, ModelProto, NodeProto, TensorProto, ValueInfoProto, helper
from onnx.shape_inference import infer_shapes

from hailo_piper.engine.piper.prepared.carry import Step
from hailo_piper.engine.piper.prepared.errors import CannotCut, NotAVoice
from hailo_piper.engine.piper.prepared.window import Trim
from hailo_piper.engine.piper.preparing.carry import carrying
from hailo_piper.engine.piper.preparing.mixing import SPEAKER_INPUT, mixing
from hailo_piper.engine.piper.preparing.pace import paced
from hailo_piper.engine.piper.preparing.simplify import is_mask, without_fillers, without_masks
from hailo_piper.engine.piper.preparing.trim import trimmed
from hailo_piper.engine.piper.preparing.wiring import (
    RANDOM_OPERATIONS,
    Wiring,
    attribute,
    inline_constants,
    pruned,
    rename,
    stage,
)

REQUIRED_INPUTS = ("input", "input_lengths", "scales")
DECODER_OPERATIONS = frozenset({
    "Add", "Conv", "ConvTranspose", "Div", "Identity", "LeakyRelu", "Mul", "Squeeze", "Tanh", "Unsqueeze",
})  # fmt: skip
"""The operations of a HiFi-GAN. Each treats every moment alike; a Resize, for one, does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """A voice in three models, not yet optimised."""

    encoder: ModelProto
    flow: ModelProto
    """The flow and the first layers of the HiFi-GAN."""
    decoder: ModelProto
    conditions: tuple[str, ...]
    samples_per_frame: int
    """Audio samples per frame."""
    features_per_frame: int
    channels: int
    """Channels of z_p."""
    feature_channels: int
    symbols: int
    """The number of phoneme ids: those below this are valid."""
    speakers: int
    """1 for a voice without a speaker input."""
    flow_steps: tuple[Step, ...] = ()
    decoder_trims: tuple[Trim, ...] = ()

    def trimmed(self) -> "Stages":
        """Return the same stages with steps in the flow and trims in the decoder, where their reach is known."""
        flow, steps = carrying(self.flow, "z_p")
        decoder, trims = trimmed(self.decoder, "features")
        return replace(self, flow=flow, flow_steps=steps, decoder=decoder, decoder_trims=trims)


def check_voice(model: ModelProto) -> None:
    """Raise NotAVoice unless the model has the inputs that Piper feeds."""
    constants = {tensor.name for tensor in model.graph.initializer}
    inputs = [value.name for value in model.graph.input if value.name not in constants]
    if missing := [name for name in REQUIRED_INPUTS if name not in inputs]:
        raise NotAVoice(f"not a Piper voice: it has no input named {', '.join(missing)}")
    if extra := set(inputs) - {*REQUIRED_INPUTS, SPEAKER_INPUT}:
        raise NotAVoice(f"not a Piper voice: it asks for {', '.join(sorted(extra))}")
    if not model.graph.output:
        raise NotAVoice("not a Piper voice: it has no output")


def cut(model: ModelProto) -> Stages:
    """Cut a voice into its stages; the model itself is changed. Raises NotAVoice or CannotCut."""
    check_voice(model)
    if any(item.type == AttributeProto.GRAPH for node in model.graph.node for item in node.attribute):
        raise CannotCut("the graph has branches or loops")
    inline_constants(model.graph)
    wiring = Wiring(model.graph)
    audio = model.graph.output[0].name
    upsamplers = [node for node in model.graph.node if node.op_type == "ConvTranspose"]
    entry = _decoder_entry(wiring, upsamplers)
    z = entry.input[0]
    z_p = _noisy_latent(wiring, z)
    conditions = _conditions(wiring, (z_p, z), (z, audio))
    foreign = {node.op_type for node in _between(wiring, z, audio)} - DECODER_OPERATIONS
    if foreign:
        raise CannotCut(f"unexpected operations in the decoder: {', '.join(sorted(foreign))}")

    channels = wiring.constants[entry.input[1]].dims[1]
    features, feature_channels = _features(wiring, upsamplers, z, audio) or (z, channels)
    features_per_frame = _upsampling([node for node in upsamplers if features in wiring.downstream(node.output[0])])
    symbols = _rows_looked_up(wiring, REQUIRED_INPUTS[0])
    inputs = [value for value in model.graph.input if value.name not in wiring.constants]
    many = SPEAKER_INPUT in {value.name for value in inputs}  # joe has a *constant* of that name
    speakers = _rows_looked_up(wiring, SPEAKER_INPUT) if many else 1
    condition_values = _described(model, conditions)
    new_names = {name: f"condition_{number}" for number, name in enumerate(conditions)}
    rename(model.graph, {z_p: "z_p", features: "features", audio: "audio", **new_names})
    for value in condition_values:
        value.name = new_names[value.name]

    text = [_one_text(value) for value in inputs]
    latent = helper.make_tensor_value_info("z_p", TensorProto.FLOAT, [1, channels, "frames"])
    halfway = helper.make_tensor_value_info("features", TensorProto.FLOAT, [1, feature_channels, "columns"])
    sound = helper.make_tensor_value_info("audio", TensorProto.FLOAT, None)
    encoder = mixing(paced(stage(model, text, [latent, *condition_values])))
    without_masks(model)
    flow = stage(model, [latent, *condition_values], [halfway])
    decoder = stage(model, [halfway, *condition_values], [sound])
    without_fillers(flow)
    flow = pruned(flow)
    for part in (flow, decoder):
        _drop_unread_inputs(part)
    return Stages(
        encoder=encoder, flow=flow, decoder=decoder, conditions=tuple(new_names.values()),
        samples_per_frame=_upsampling(upsamplers), features_per_frame=features_per_frame,
        channels=channels, feature_channels=feature_channels, symbols=symbols, speakers=speakers,
    )  # fmt: skip


def _decoder_entry(wiring: Wiring, upsamplers: list[NodeProto]) -> NodeProto:
    """Return the convolution that reads z: the nearest before the first ConvTranspose, conditions aside."""
    made = {name for node in upsamplers for name in node.output}
    first = [node for node in upsamplers if len(wiring.upstream(node.input) & made) == 0]
    if len(first) != 1:
        raise CannotCut("no decoder found: there is not one first ConvTranspose")
    name = wiring.walk_back(first[0].input[0], "LeakyRelu")
    branches = [name]
    if (joined := wiring.producer(name, "Add")) is not None:
        branches = list(joined.input)
    spoken = [branch for branch in branches if not wiring.sources(branch) <= {SPEAKER_INPUT}]
    entry = wiring.producer(spoken[0], "Conv") if len(spoken) == 1 else None
    if entry is None or entry.input[1] not in wiring.constants:
        raise CannotCut("no decoder found: no convolution before the first ConvTranspose")
    return entry


def _features(wiring: Wiring, upsamplers: list[NodeProto], z: str, audio: str) -> tuple[str, int] | None:
    """Return what the second ConvTranspose reads, with its channels, if all of the decoder passes through it."""
    for node in wiring.in_order([audio], stop=[z]):
        name = node.input[0]
        behind = wiring.upstream([name], stop=[z])
        if node in upsamplers and any(made in behind for other in upsamplers for made in other.output):
            is_narrow = z not in wiring.upstream([audio], stop=[name])
            known = node.input[1] in wiring.constants
            return (name, int(wiring.constants[node.input[1]].dims[0])) if is_narrow and known else None
    return None


def _noisy_latent(wiring: Wiring, z: str) -> str:
    """Return z_p: the sum to which the last noise drawn is added."""
    noises = {name for name in wiring.upstream([z]) if wiring.producer(name, *RANDOM_OPERATIONS) is not None}
    last = [name for name in noises if wiring.downstream(name) & noises == {name}]
    if len(last) != 1:
        raise CannotCut("no last source of noise before the decoder")
    name = last[0]
    while True:
        readers = wiring.consumers.get(name, [])
        if len(readers) != 1 or readers[0].op_type not in {"Mul", "Add"}:
            raise CannotCut("the noise does not end in a sum")
        name = str(readers[0].output[0])
        if readers[0].op_type == "Add":
            return name


def _conditions(wiring: Wiring, *spans: tuple[str, str]) -> tuple[str, ...]:
    """Return the tensors that the stages read beside the latent: they may depend on the speaker, never on time."""
    found: dict[str, None] = {}
    for start, end in spans:
        nodes = _between(wiring, start, end)
        made = {start, *(name for node in nodes for name in node.output)}
        if end not in made:
            raise CannotCut(f"{end} is not made from {start}")
        for node in nodes:
            for name in node.input:
                sources = set() if not name or name in made else wiring.sources(name)
                if not sources or (node.op_type == "Mul" and is_mask(wiring, name)):
                    continue
                if sources != {SPEAKER_INPUT} or name == SPEAKER_INPUT:
                    raise CannotCut(f"{name} reaches past the cut and depends on {', '.join(sorted(sources))}")
                found[name] = None
    return tuple(found)


def _between(wiring: Wiring, start: str, end: str) -> list[NodeProto]:
    """Return the nodes on any path from one tensor to the other."""
    made = wiring.downstream(start) & wiring.upstream([end], stop=[start])
    made.discard(start)
    return [node for node in wiring.graph.node if not made.isdisjoint(node.output)]


def _upsampling(upsamplers: list[NodeProto]) -> int:
    strides = [attribute(node, "strides") for node in upsamplers]
    return prod(int(stride[0]) for stride in strides if isinstance(stride, list))


def _rows_looked_up(wiring: Wiring, name: str) -> int:
    """Return the number of rows of the table that this input indexes."""
    for node in wiring.consumers.get(name, []):
        if node.op_type == "Gather" and node.input[1] == name and node.input[0] in wiring.constants:
            return int(wiring.constants[node.input[0]].dims[0])
    raise CannotCut(f"no embedding is indexed by {name}")


def _described(model: ModelProto, names: tuple[str, ...]) -> list[ValueInfoProto]:
    if not names:
        return []
    known = {value.name: value for value in infer_shapes(model).graph.value_info}
    if unknown := [name for name in names if name not in known]:
        raise CannotCut(f"the type of {unknown[0]} cannot be told")
    return [known[name] for name in names]


def _one_text(value: ValueInfoProto) -> ValueInfoProto:
    """Return the same input for a batch of one: the service never pads texts to a common length."""
    shapes: dict[str, list[int | str]] = {"input": [1, "phonemes"], "scales": [3]}
    return helper.make_tensor_value_info(value.name, value.type.tensor_type.elem_type, shapes.get(value.name, [1]))


def _drop_unread_inputs(model: ModelProto) -> None:
    read = {name for node in model.graph.node for name in node.input}
    kept = [value for value in model.graph.input if value.name in read]
    del model.graph.input[:]
    model.graph.input.extend(kept)
