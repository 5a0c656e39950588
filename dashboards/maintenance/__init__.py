"""Announced work: who, where, when and how often; what it holds back."""
