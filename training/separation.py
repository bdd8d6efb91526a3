"""The mask network: which source each part of a spectrum belongs to, learned from remixed stems of our own songs.

Towards the end of the training strokes and basses are still told better, and our own voices, but a real one that
nothing is learned from is not: it falls from 5.6 dB after 250 steps to 3.6 dB. Weights between those of then and of the
end have both (Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022).

Needs PyTorch (2.13), which nothing else does: ``pip install torch==2.13.0``.
"""

import time
from pathlib import Path
from tempfile import gettempdir

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from descant.listen import masking
from training.remixes import Batch, Remixer
from training.stems import stems

TARGET = Path(masking.__file__).with_name(masking.FILE)
KEPT = Path(gettempdir()) / "descant-stems"
"""Where rendered stems are kept between runs."""

SONGS = 44
STEPS = 780
EARLY, OF_LATE = 250, 0.4
"""The step whose weights are kept, and how much those of the end count beside them: chosen on the mixes of
``benchmarks/truth/tune.toml`` under our own singing and one real voice."""

ODDS = (1.5, 1.0, 2.0, 1.0)
"""By which each source is thought likelier in the end than it was learned to be, chosen on the same mixes."""

BATCHES_OF_CROPS = 8
RATE = 1.5e-3
WARMING = 60
SETTLING = 0.4
"""Share of the training in which the rate falls to nothing."""

MEMORY = 0.99
"""Of the running mean of the weights, a step."""

SMALL = 256
"""Weights of a layer below which they stay in full precision."""

QUIET = 2e-3
"""Of the whole's power, an error that is as good as none."""


class MaskNetwork(nn.Module):
    """Encoder, two recurrent layers that read both ways, and a decoder that sees the bands themselves again."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(2, 1, masking.BANDS))
        self.register_buffer("scale", torch.ones(2, 1, masking.BANDS))
        self.first = nn.Sequential(nn.Conv2d(2, 16, (3, 7), (1, 4), (1, 3)), nn.BatchNorm2d(16), nn.ReLU())
        self.second = nn.Sequential(nn.Conv2d(16, 16, (3, 5), (1, 2), (1, 2)), nn.BatchNorm2d(16), nn.ReLU())
        self.inward = nn.Sequential(nn.Linear(16 * masking.BANDS // 8, 192), nn.ReLU())
        self.line = nn.GRU(192, 128, num_layers=2, batch_first=True, bidirectional=True)
        self.outward = nn.Sequential(nn.Linear(256, 16 * masking.BANDS // 8), nn.ReLU())
        self.wider = nn.ConvTranspose2d(16, 16, (1, 2), (1, 2))
        self.third = nn.Sequential(nn.Conv2d(32, 16, 3, 1, 1), nn.BatchNorm2d(16), nn.ReLU())
        self.widest = nn.ConvTranspose2d(16, 8, (1, 4), (1, 4))
        self.near = nn.Sequential(nn.Conv2d(2, 8, 3, 1, 1), nn.ReLU())
        self.fourth = nn.Sequential(nn.Conv2d(16, 16, 3, 1, 1), nn.ReLU())
        self.last = nn.Conv2d(16, 2 * len(masking.SOURCES), 1)
        self.lean = nn.Parameter(torch.zeros(2 * len(masking.SOURCES), 1, masking.BANDS))

    def forward(self, heard: Tensor) -> Tensor:
        """Return shares (mixes, 2 · sources, frames, bands) for what is heard (mixes, 2, frames, bands)."""
        levels = (heard - self.mean) * self.scale
        first = self.first(levels)
        second = self.second(first)
        rows = second.transpose(1, 2).flatten(2)
        rows = self.outward(self.line(self.inward(rows))[0])
        deep = rows.unflatten(2, (16, masking.BANDS // 8)).transpose(1, 2)
        third = self.third(torch.cat([self.wider(deep), first], dim=1))
        fourth = self.fourth(torch.cat([self.widest(third), self.near(levels)], dim=1))
        logits = self.last(fourth) + self.lean
        return logits.unflatten(1, (len(masking.SOURCES), 2)).softmax(dim=1).flatten(1, 2)


def loss(shares: Tensor, batch: Batch) -> Tensor:
    """Return how far masked mixes are from their sources.

    Half is the error's share of a source in decibels, as separation is judged by; half is its size band by band, in
    which quiet bands count as well.
    """
    masks = shares.unflatten(1, (len(masking.SOURCES), 2)).permute(1, 2, 0, 3, 4)
    wrong = (masks**2 * batch.whole - 2 * masks * batch.shared + batch.own).clamp_min(0.0)
    total, size = wrong.sum(dim=(1, 3, 4)), batch.whole.sum(dim=(0, 2, 3)) + 1.0  # a mix may be silent
    own = batch.own.sum(dim=(1, 3, 4))
    decibels = torch.log10((total + QUIET * size) / (own + QUIET * size)).mean()
    fine = torch.sqrt(wrong + 1e-4).mean(dim=(1, 3, 4)) / torch.sqrt(batch.whole + 1e-4).mean(dim=(0, 2, 3))
    return decibels + 4.0 * fine.mean()


def prepare(network: MaskNetwork, remixer: Remixer) -> None:
    """Set the shift and the scale of what the network hears from some mixes."""
    heard = torch.cat([remixer.batch(remixer.crops()).heard for _ in range(4)]).clamp_min(-5.0)
    network.mean.copy_(heard.mean(dim=(0, 2))[:, None])
    network.scale.copy_(1.0 / (heard.std(dim=(0, 2))[:, None] + 0.1))


def fit(network: MaskNetwork, remixer: Remixer, checkpoint: Path) -> MaskNetwork:
    """Train a network; the running mean of its weights is kept at ``checkpoint`` now and then."""
    prepare(network, remixer)
    mean = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(MEMORY), use_buffers=True
    )
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=1e-4)
    begun, seen, crops = time.process_time(), [0.0], remixer.crops()
    early: dict[str, Tensor] = {}
    for step in range(1, STEPS + 1):
        if step % BATCHES_OF_CROPS == 0:
            crops = remixer.crops()
        batch = remixer.batch(crops)
        optimiser.param_groups[0]["lr"] = RATE * min(step / WARMING, (1.0 - step / STEPS) / SETTLING, 1.0)
        with torch.autocast("cpu", torch.bfloat16):
            shares = network(batch.heard)
        cost = loss(shares.float(), batch)
        optimiser.zero_grad()
        cost.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        mean.update_parameters(network)
        seen = [*seen[-49:], float(cost.detach())]
        if step % 25 == 0:
            print(f"step {step}: loss {sum(seen) / len(seen):.3f}, {time.process_time() - begun:.0f} CPU s", flush=True)
            torch.save(mean.module.state_dict(), checkpoint)
        if step == EARLY:
            early = {name: values.clone() for name, values in mean.module.state_dict().items()}
    return settled(early, mean.module.state_dict())


def settled(early: dict[str, Tensor], late: dict[str, Tensor]) -> MaskNetwork:
    """Return the network between early and late weights, with the odds of its sources."""
    network = MaskNetwork()
    network.load_state_dict({k: torch.lerp(v.float(), late[k].float(), OF_LATE).to(v.dtype) for k, v in early.items()})
    with torch.no_grad():
        network.lean += torch.log(torch.tensor(ODDS)).repeat_interleave(2)[:, None, None]
    return network


def save(network: MaskNetwork, path: Path) -> None:
    """Write a network as ONNX, its weights in half precision; they are widened when it is loaded."""
    network.eval()
    heard, frames = torch.zeros(1, 2, 64, masking.BANDS), {2: "frames"}
    torch.onnx.export(
        network, (heard,), str(path), dynamo=False, input_names=["heard"], output_names=["shares"],
        dynamic_axes={"heard": frames, "shares": frames},
    )  # fmt: skip
    model = onnx.load(path)
    for weights in list(model.graph.initializer):
        values = numpy_helper.to_array(weights)
        if values.dtype != np.float32 or values.size < SMALL:
            continue
        model.graph.initializer.remove(weights)
        halved = numpy_helper.from_array(values.astype(np.float16), f"{weights.name}.half")
        model.graph.initializer.append(halved)
        model.graph.node.insert(0, helper.make_node("Cast", [halved.name], [weights.name], to=TensorProto.FLOAT))
    onnx.checker.check_model(model)
    onnx.save(model, path)


def train() -> None:
    """Render, train, and write the network beside the code that uses it."""
    torch.manual_seed(3)
    KEPT.mkdir(exist_ok=True)
    library = [stems(number, KEPT) for number in range(SONGS)]
    save(fit(MaskNetwork(), Remixer(library, seed=3), KEPT / "checkpoint.pt"), TARGET)
