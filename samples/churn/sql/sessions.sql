-- A session ends after 30 minutes without an event.
select device_id, session_id, min(at) as begin, max(at) as end
from events.sessions_raw
group by device_id, session_id;
