"""The network in torch: an encoder, three labels from its first token, a mark for every token."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from pincite.models.torch_library import torch_library, transformers_library

LABELS: Final = 3
MARK_WEIGHT: Final = 1.0
"""Of the loss of the marks beside that of the labels."""
MARKED_WEIGHT: Final = 3.0
"""Of a token that is not borne out, as they are few."""
DROPOUT: Final = 0.1


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

    class ClaimNetwork(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()  # pyright: ignore[reportUnknownMemberType]
            size = bert.config.hidden_size
            self.bert = bert
            self.between = torch.nn.Linear(size, size)
            self.label = torch.nn.Linear(size, LABELS)
            self.mark = torch.nn.Linear(size, 1)

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            states = self.bert(
                input_ids=input_ids,
                attention_mask=attention_mask,
                token_type_ids=token_type_ids,
            ).last_hidden_state
            first = torch.tanh(self.between(states[:, 0]))
            return self.label(first), self.mark(states).squeeze(-1)

    return ClaimNetwork()


def loss_of(logits: Any, marks: Any, labels: Any, truth: Any) -> Any:
    """Of both heads; tokens that nobody judged (below 0) do not count."""
    functional = torch_library().nn.functional
    judged = (truth >= 0).float()
    target = truth.clamp(min=0).float()
    weight = judged * (1 + (MARKED_WEIGHT - 1) * target)
    each = functional.binary_cross_entropy_with_logits(marks.float(), target, reduction="none")
    of_marks = (each * weight).sum() / weight.sum().clamp(min=1)
    return functional.cross_entropy(logits.float(), labels) + MARK_WEIGHT * of_marks
