-- Records what a process did. KEYS: as for taking a place.
-- ARGV: a generation for new data, the time to live in milliseconds, for how many microseconds all have to wait; then for
-- each turn its name, what happened (`ended`, `answered`, `running` or `cancelled`) and how many microseconds ago, or for
-- a running one how many more it may take. Returns the generation.
local turns, state = KEYS[1], KEYS[2]
local function text(number) return string.format('%.0f', number) end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
redis.call('HSETNX', state, 'generation', ARGV[1])
local function latest(field, value)
  if value > tonumber(redis.call('HGET', state, field) or 0) then redis.call('HSET', state, field, text(value)) end
end
if tonumber(ARGV[3]) > 0 then latest('held_until', now + tonumber(ARGV[3])) end
for i = 4, #ARGV, 3 do
  local turn, what, duration = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])
  if what == 'cancelled' then
    redis.call('ZREM', turns, turn)
  elseif what == 'running' then
    redis.call('ZADD', turns, text(now + duration), turn)
  else
    redis.call('ZADD', turns, text(now - duration), turn)
    if what == 'answered' then latest('answered_last', now - duration) end
  end
end
redis.call('PEXPIRE', turns, ARGV[2])
local held = tonumber(redis.call('HGET', state, 'held_until') or 0)
redis.call('PEXPIRE', state, math.max(tonumber(ARGV[2]), math.ceil((held - now) / 1000)))
return redis.call('HGET', state, 'generation')
