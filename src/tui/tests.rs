//! Key sequences typed at the real update, with a scripted engine.
