"""Small pipelines of the real classes of diffusers with random weights, saved as they all are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pincite.models.optional_package import optional_package
from pincite.models.torch_library import torch_library, transformers_library
from scripts import train_tiny_diffusion as recipe

SIDE = 32


def diffusers() -> Any:
    return optional_package("diffusers", extra="diffusion")


def save_sd(folder: Path, *, flags_everything: bool | None = None) -> Path:
    """Stable Diffusion; without a safety checker where that is not said."""
    torch_library().manual_seed(5)
    tokenizer = recipe._tokenizer()
    checker = None if flags_everything is None else _checker(flags=flags_everything)
    library = transformers_library()
    diffusers().StableDiffusionPipeline(
        vae=_autoencoder(latent_channels=3),
        text_encoder=recipe._text_model(tokenizer),
        tokenizer=tokenizer,
        unet=recipe._unet(),
        scheduler=recipe._scheduler(),
        safety_checker=checker,
        feature_extractor=None if checker is None else library.CLIPImageProcessor(
            size={"shortest_edge": SIDE}, crop_size={"height": SIDE, "width": SIDE}
        ),
        requires_safety_checker=checker is not None,
    ).save_pretrained(folder)  # fmt: skip
    return folder


def save_sdxl(folder: Path) -> Path:
    """Two text models, of which the second also says what the whole prompt means."""
    torch_library().manual_seed(6)
    tokenizer = recipe._tokenizer()
    first = recipe._text_model(tokenizer)
    second = transformers_library().CLIPTextModelWithProjection(first.config)
    unet = diffusers().UNet2DConditionModel(
        sample_size=SIDE // 2,
        block_out_channels=(32, 64),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=96,
        attention_head_dim=4,
        norm_num_groups=8,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=48 + 6 * 8,
    )
    diffusers().StableDiffusionXLPipeline(
        vae=_autoencoder(),
        text_encoder=first,
        text_encoder_2=second,
        tokenizer=tokenizer,
        tokenizer_2=tokenizer,
        unet=unet,
        scheduler=diffusers().EulerDiscreteScheduler(steps_offset=1, timestep_spacing="leading"),
        add_watermarker=False,
    ).save_pretrained(folder)
    return folder


def save_flux(folder: Path) -> Path:
    """A transformer over patches and words, CLIP and T5, flow matching."""
    torch_library().manual_seed(7)
    library = transformers_library()
    tokenizer = recipe._tokenizer()
    t5 = library.T5EncoderModel(
        library.T5Config(vocab_size=40, d_model=32, d_ff=32, d_kv=8, num_layers=1, num_heads=2)
    )
    transformer = diffusers().FluxTransformer2DModel(
        patch_size=1,
        in_channels=16,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=32,
        pooled_projection_dim=48,
        axes_dims_rope=(4, 4, 8),
        guidance_embeds=True,
    )
    diffusers().FluxPipeline(
        scheduler=diffusers().FlowMatchEulerDiscreteScheduler(),
        vae=_autoencoder(shift_factor=0.1),
        text_encoder=recipe._text_model(tokenizer),
        tokenizer=tokenizer,
        text_encoder_2=t5,
        tokenizer_2=_letters(),
        transformer=transformer,
    ).save_pretrained(folder)
    return folder


def _autoencoder(**more: Any) -> Any:
    return diffusers().AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        block_out_channels=(16, 32),
        norm_num_groups=8,
        sample_size=SIDE,
        **{"latent_channels": 4, **more},
    )


def _checker(*, flags: bool) -> Any:
    """The library's own, with thresholds that every picture is above, or none."""
    library = transformers_library()
    facts = library.CLIPConfig(
        vision_config={
            "hidden_size": 16,
            "intermediate_size": 16,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "image_size": SIDE,
            "patch_size": 8,
        },
        projection_dim=8,
    )
    module = optional_package(
        "diffusers.pipelines.stable_diffusion.safety_checker", extra="diffusion"
    )
    checker = module.StableDiffusionSafetyChecker(facts)
    threshold = -2.0 if flags else 2.0
    checker.concept_embeds_weights.data.fill_(threshold)
    checker.special_care_embeds_weights.data.fill_(2.0)
    return checker


def _letters() -> Any:
    """T5's own tokenizer, with letters for words."""
    special = [(each, 0.0) for each in ("<pad>", "</s>", "<unk>")]
    letters = [(each, -2.0) for each in ("▁", *(chr(97 + n) for n in range(26)))]
    return transformers_library().T5TokenizerFast(
        vocab=[*special, *letters], extra_ids=0, model_max_length=16
    )
