-- Sessions are cut once, in sql/sessions.sql, not per feature: 2 h 10 instead of 5 h 40 on the October sample.
select s.contract_id, s.week, s.sessions_28d, b.tenure_months, b.failed_payments_60d, c.contacts_90d
from sessions_weekly s
join contract_weekly b using (contract_id, week)
left join contacts_weekly c using (contract_id, week);
