"""The real engine with the shipped weights within this process, where `tui.compose` else starts one: far cheaper."""

from collections.abc import AsyncIterator, Sequence
from functools import cache

from model.checkpoint import SHIPPED, load_weights
from model.critic.judge import load_critic
from model.engine import Engine
from model.nn.devices import keep_compiled_programs
from model.originality.copy_meter import load_meter
from model.protocol import PROTOCOL_VERSION, Answer, Done, Failed, Fill, Ready
from model.writing.fill import Filler


@cache
def _loaded() -> tuple[Filler, str]:
    """A filler, and the digest of its weights."""
    keep_compiled_programs()
    weights = load_weights()
    return Filler(weights, load_meter(SHIPPED), load_critic(SHIPPED)), weights.digest


class EngineHere:
    """Stand-in for `EngineClient`, of which one fill is asked."""

    @classmethod
    async def start(cls, command: Sequence[str]) -> "EngineHere":
        return cls()

    async def send(self, fill: Fill) -> None:
        self._fill = fill

    async def answers(self, patience: float) -> AsyncIterator[Answer]:
        filler, digest = _loaded()
        yield Ready(PROTOCOL_VERSION, "here", digest, "cpu")
        sent: list[Answer] = []

        def send(answer: Answer) -> None:
            sent.append(answer)
            if isinstance(answer, Done | Failed):
                engine.close()

        engine = Engine(filler, send)
        engine.receive(self._fill)
        engine.work()
        for answer in sent:
            yield answer

    async def close(self) -> None:
        pass
