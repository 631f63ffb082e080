"""A station that writes down what its link says."""


class Recorder:
    """See routing.bus.link.Station."""

    def __init__(self):
        self.leaders, self.heard, self.told_, self.terms, self.lost_ = [], [], [], [], []

    @property
    def leads(self) -> bool:
        """Whether its engine leads now."""
        return bool(self.terms) and self.terms[-1] != 0

    def leader(self, epoch):
        """As Station.leader."""
        self.leaders.append(epoch)

    def received(self, body):
        """As Station.received."""
        self.heard.append(body)

    def elected(self, epoch):
        """As Station.elected."""
        self.terms.append(epoch)

    def told(self, engine, body):
        """As Station.told."""
        self.told_.append((engine, body))

    def deposed(self):
        """As Station.deposed."""
        self.terms.append(0)

    def lost(self, why):
        """As Station.lost."""
        self.lost_.append(why)
