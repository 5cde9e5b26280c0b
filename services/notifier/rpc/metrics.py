"""What an operator sees of streams."""

from prometheus_client import Counter, Gauge

STREAMS = Gauge("shuniu_alert_streams", "Subscribe streams that are open")
IN_FLIGHT = Gauge("shuniu_alerts_in_flight", "Alerts sent and not acknowledged")
SENT = Counter("shuniu_alerts_sent", "Alerts sent on Subscribe streams")
REDELIVERED = Counter("shuniu_alerts_redelivered", "Alerts sent again")
PARKED = Counter("shuniu_alerts_parked", "Alerts given up on for a device")
WENT_AWAY = Counter("shuniu_alert_streams_ended", "Streams the server ended", ["reason"])
UNHINTED = Counter(
    "shuniu_alerts_unhinted", "Mailboxes that a sweep found moved and no hint announced"
)
