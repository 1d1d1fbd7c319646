-- One row per contract and day; pauses are a state of their own.
select contract_id, current_date as day, plan, tenure_months, state, failed_payments_60d
from finance.contract_daily
where kind = 'monthly';
