"""The network in torch: an encoder, one logit from its first token, two from every other."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from pincite.models.torch_library import torch_library, transformers_library

DROPOUT: Final = 0.1
SPAN_WEIGHT: Final = 0.5
"""Of the loss of begin and end beside that of whether there is an answer."""


def network(encoder: Path) -> Any:
    """From the weights of a BERT; its embeddings stay as they are."""
    torch, transformers = torch_library(), transformers_library()
    transformers.utils.logging.set_verbosity_error()  # of the pooling layer, which is not wanted
    bert = transformers.AutoModel.from_pretrained(
        str(encoder),
        attn_implementation="eager",  # on a CPU its backward pass is twice as fast
        hidden_dropout_prob=DROPOUT,
        attention_probs_dropout_prob=0.0,
        add_pooling_layer=False,
    )
    bert.embeddings.requires_grad_(requires_grad=False)

    class ReaderNetwork(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()  # pyright: ignore[reportUnknownMemberType]
            size = bert.config.hidden_size
            self.bert = bert
            self.between = torch.nn.Linear(size, size)
            self.answered = torch.nn.Linear(size, 1)
            self.span = torch.nn.Linear(size, 2)

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            states = self.bert(
                input_ids=input_ids,
                attention_mask=attention_mask,
                token_type_ids=token_type_ids,
            ).last_hidden_state
            first = torch.tanh(self.between(states[:, 0]))
            return self.answered(first).squeeze(-1), self.span(states)

    return ReaderNetwork()


def begun_from(network: Any, checkpoint: Path) -> None:
    """Encoder and first layer of a checkpoint of `scripts.train_checker`: it has learnt to read
    two texts beside each other."""
    torch = torch_library()
    known = torch.load(checkpoint, map_location="cpu", weights_only=True)["network"]
    shared = {key: value for key, value in known.items() if key.startswith(("bert.", "between."))}
    network.load_state_dict(shared, strict=False)


def loss_of(answered: Any, spans: Any, truth: Any, readable: Any) -> Any:
    """`truth` is (batch, 3): whether answered, first and last token; 0 and 0 for no answer, below
    0 where nobody said. `readable` tells which tokens an answer may hold."""
    functional = torch_library().nn.functional
    is_there = functional.binary_cross_entropy_with_logits(answered.float(), truth[:, 0].float())
    shown = spans.float().masked_fill(~readable.unsqueeze(-1), -1e4)
    ends = [
        functional.cross_entropy(shown[..., n], truth[:, n + 1], ignore_index=-1, reduction="sum")
        for n in range(2)
    ]
    told = (truth[:, 1] >= 0).sum().clamp(min=1)
    return is_there + SPAN_WEIGHT * (ends[0] + ends[1]) / (2 * told)
