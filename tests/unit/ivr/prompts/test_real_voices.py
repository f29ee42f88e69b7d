"""The default site, spoken by the real offline voices, is listened to by measuring."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ivr.prompts import espeak
from ivr.prompts.build import BuildReport, build
from ivr.prompts.catalogue import Catalogue
from ivr.prompts.engines.phonikud_espeak import VOICE
from ivr.prompts.hebrew_sounds import hebrew_to_ipa
from ivr.prompts.loudness import frame_levels, level, true_peak, voiced_frames
from ivr.prompts.manifest import Kind, Manifest, load_manifests
from ivr.prompts.media import FORMATS
from ivr.prompts.phoneme_text import MNEMONICS, count_vowels
from ivr.prompts.waveform import Waveform

DEFAULT_SITE = Path(__file__).resolve().parents[4] / "prompts"
LANGUAGES = ("he", "en")


class Spoken:
    """The default site as it was built, and the means to read one prompt."""

    def __init__(self, home: Path, manifests: dict[str, Manifest], report: BuildReport) -> None:
        self.home, self.manifests, self.report = home, manifests, report

    def sounds(self, suffix: str = "alaw") -> Iterator[tuple[str, Waveform]]:
        """Yield every prompt that is speech, by ``language/name``."""
        form = next(found for found in FORMATS if found.suffix == suffix)
        for language, manifest in self.manifests.items():
            for prompt in manifest.prompts.values():
                if prompt.kind is not Kind.TONE:
                    path = self.home / "prompts" / language / f"{prompt.name}.{suffix}"
                    yield f"{language}/{prompt.name}", form.read(path.read_bytes())


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Spoken:
    assert espeak.version() is not None, "install Debian's espeak-ng: ./moked test does"
    root = tmp_path_factory.mktemp("spoken")
    report = build(DEFAULT_SITE, root / "tools", root / "home", LANGUAGES)
    return Spoken(root / "home", load_manifests(DEFAULT_SITE, LANGUAGES), report)


def test_every_prompt_is_made_without_a_network_and_quickly(spoken: Spoken) -> None:
    assert (spoken.report.missing, spoken.report.problems) == ([], [])
    assert len(spoken.report.made) == sum(len(m.prompts) for m in spoken.manifests.values())
    assert spoken.report.seconds < 30 * 5  # 30 s on two quiet cores


def test_the_catalogue_finds_nothing_wrong(spoken: Spoken) -> None:
    assert Catalogue(spoken.home / "prompts", spoken.manifests).missing() == ()


@pytest.mark.parametrize("suffix", ["alaw", "ulaw", "sln16"])
def test_all_prompts_are_equally_loud_and_none_is_clipped(spoken: Spoken, suffix: str) -> None:
    levels = {label: level(sound) for label, sound in spoken.sounds(suffix)}
    assert {label: found for label, found in levels.items() if abs(found + 20) > 1.0} == {}
    peaks = {label: true_peak(sound) for label, sound in spoken.sounds(suffix)}
    assert {label: peak for label, peak in peaks.items() if peak > -3.0} == {}


def test_digits_and_places_are_equally_loud_by_plain_rms_too(spoken: Spoken) -> None:
    for language in LANGUAGES:
        found = [
            10 * np.log10(np.mean(10 ** (frame_levels(sound)[voiced_frames(sound, 20)] / 10)))
            for label, sound in spoken.sounds()
            if label.startswith((f"{language}/digit_", f"{language}/place_"))
        ]
        assert max(found) - min(found) <= 3.0


def test_speech_starts_at_once_and_has_no_long_pause(spoken: Spoken) -> None:
    for label, sound in spoken.sounds():
        heard = np.flatnonzero(voiced_frames(sound))
        assert heard[0] * 0.01 <= 0.06, label
        assert (np.diff(heard).max() - 1) * 0.01 <= 0.6, label
        assert (len(frame_levels(sound)) - 1 - heard[-1]) * 0.01 <= 0.2, label


def test_hebrew_takes_as_long_as_its_syllables_need(spoken: Spoken) -> None:
    """No sound is skipped (too short) and no letter or point is spelled out (too long)."""
    for label, sound in spoken.sounds():
        language, name = label.split("/")
        if language == "he":
            syllables = count_vowels(hebrew_to_ipa(spoken.manifests["he"].prompts[name].text))
            speech = np.count_nonzero(voiced_frames(sound, below=30.0)) * 0.01
            assert 0.1 <= speech / syllables <= 0.5, (label, speech, syllables)


def test_a_menu_ends_within_thirty_seconds(spoken: Spoken) -> None:
    catalogue = Catalogue(spoken.home / "prompts", spoken.manifests)
    for language in LANGUAGES:
        assert catalogue.length(language, "billing_menu") <= 30.0


def test_the_hebrew_voice_speaks_every_sound_differently() -> None:
    """espeak-ng passes over a mnemonic it does not know: each must change what is heard."""
    frames = {sound: _between_vowels(sound) for sound in MNEMONICS.values() if sound != "'"}
    without = _between_vowels("")
    for sound, heard in frames.items():
        assert _differ(heard, without), sound
    names = sorted(frames)
    alike = [
        (one, other)
        for index, one in enumerate(names)
        for other in names[index + 1 :]
        if not _differ(frames[one], frames[other])
    ]
    assert alike == []


def test_the_hebrew_letters_never_reach_espeak(spoken: Spoken) -> None:
    """Fed with niqqud it names the points, which takes several times as long."""
    text = spoken.manifests["he"].prompts["welcome_billing"].text
    named = espeak.speak(text, espeak.Voice("he", VOICE.speed)).seconds
    ours = next(sound for label, sound in spoken.sounds() if label == "he/welcome_billing").seconds
    assert named > 2 * ours


def _between_vowels(sound: str) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Return the spectrum over time (5 ms × 33 bands, dB) of a, the sound, a."""
    samples = espeak.speak(f"[[a{sound}'a]]", VOICE).at(8000).samples
    heard = np.flatnonzero(np.abs(samples) > 0.003)
    framed = np.lib.stride_tricks.sliding_window_view(samples[heard[0] : heard[-1]], 64)[::40]
    power = np.abs(np.fft.rfft(framed * np.hanning(64))) ** 2
    return 10 * np.log10(power + 1e-6)


def _differ(one: "np.ndarray[tuple[int, int], np.dtype[np.float64]]",
            other: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> bool:  # fmt: skip
    if abs(len(one) - len(other)) > 6:  # 30 ms
        return True
    size = min(len(one), len(other))
    return float(np.max(np.mean(np.abs(one[:size] - other[:size]), axis=1))) > 6.0
