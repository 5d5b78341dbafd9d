"""A trained model: its file, the engine that answers, and the answers."""

from .loaded import Model, load_model

__all__ = ["Model", "load_model"]
