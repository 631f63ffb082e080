"""What a line tells of a ringing, in the order in which it is told."""


class Told(list[str]):
    """An ivr.channel.Moments."""

    def dialled(self) -> None:
        self.append("dialled")

    def answered(self) -> None:
        self.append("answered")

    def over(self) -> None:
        self.append("over")
