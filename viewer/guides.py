"""Guided walks: what can be shown of them, how long they take, what each step looks at. Rules only."""

import math
from dataclasses import dataclass

from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import Language, LocalText
from archive.records.tour import Guide, GuideStep, Narration, Scene
from viewer import walk, wording

_CHARACTERS_PER_MINUTE = {Language.VI: 800, Language.EN: 900, Language.TH: 700}
"""how fast grown-ups read quietly; a guess to the minute, and shown as one"""
_LOOKING = 20.0
"""seconds that one looks around at a stop besides what is told"""


@dataclass(frozen=True, slots=True)
class Step:
    """A step that can be shown: its scene with the panorama, or its asset. ``number`` counts the steps shown, from 1."""

    number: int
    step: GuideStep
    asset: PublicAsset
    scene: Scene | None

    @property
    def title(self) -> LocalText:
        """Its own title, else that of what it shows."""
        own = self.step.title
        if any(own.get(language) for language in Language):
            return own
        return self.scene.title if self.scene else self.asset.title


@dataclass(frozen=True, slots=True)
class Spoken:
    """A narration as a page offers it: addresses are the template's business. ``foreign`` when not in the page's language."""

    narration: Narration
    foreign: bool


def guides(site: PublicSite) -> list[tuple[Guide, list[Step]]]:
    """The guided walks that have something to show, with their steps."""
    made = [(guide, steps(site, guide)) for guide in (site.tour.guides if site.tour else ())]
    return [(guide, shown) for guide, shown in made if shown]


def steps(site: PublicSite, guide: Guide) -> list[Step]:
    """The steps whose scene or asset is public, numbered without gaps."""
    panoramas = {scene.id: (scene, panorama) for scene, panorama in walk.scenes_with_panoramas(site)}
    named = {step.asset for step in guide.steps if step.asset}
    assets = {name: asset for asset in site.assets for name in (asset.ark, asset.id) if name in named}
    shown: list[Step] = []
    for step in guide.steps:
        if step.scene in panoramas:
            scene, panorama = panoramas[step.scene]
            shown.append(Step(len(shown) + 1, step, panorama, scene))
        elif step.asset in assets:
            shown.append(Step(len(shown) + 1, step, assets[step.asset], None))
    return shown


def narrations(step: GuideStep, language: Language) -> list[Spoken]:
    """What is spoken at a step: in the page's language, else in every language there is."""
    own = [narration for narration in step.narrations if narration.language is language]
    return [Spoken(narration, narration.language is not language) for narration in own or step.narrations]


def minutes(shown: list[Step], language: Language) -> int:
    """About how long a guided walk takes: the narrations where their length is known, else the words at a reader's pace, and looking."""
    return max(1, math.ceil(sum(_LOOKING + _seconds(step.step, language) for step in shown) / 60))


def _seconds(step: GuideStep, language: Language) -> float:
    lengths = [spoken.narration.seconds for spoken in narrations(step, language) if spoken.narration.seconds]
    if lengths:
        return lengths[0]
    words = wording.shown(step.text, language)
    return 60 * len(words.words) / _CHARACTERS_PER_MINUTE[words.language] if words else 0.0
