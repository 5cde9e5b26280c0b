"""What an event of ours makes us do next: timers, items that move, opinions that open."""

from services.meetings.reactions.arming import arm_item, arm_meeting, arm_opinion
from services.meetings.reactions.firing import firing
from services.meetings.reactions.following import reactions

__all__ = ["arm_item", "arm_meeting", "arm_opinion", "firing", "reactions"]
