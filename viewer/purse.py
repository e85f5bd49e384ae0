"""What a page may spend on pictures, so that however much there is it stays light."""

from dataclasses import dataclass

from viewer.pictures import Picture

PAGE_PURSE = 84_000
"""bytes: with its words, its style and a plan a page of many pictures then stays below 120 kB"""


@dataclass
class Purse:
    """Bytes that may still be spent on pictures."""

    octets: int = PAGE_PURSE

    def pays(self, picture: Picture | None) -> bool:
        """Whether there is enough left for a picture; if so it is paid. None costs nothing."""
        cost = picture.octets if picture else 0
        if cost > self.octets:
            return False
        self.octets -= cost
        return True
