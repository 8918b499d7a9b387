-- Takes the place of a request in every window, or says when to ask again.
-- KEYS: the turns, a sorted set by the time until which each is under way, in microseconds; the state, a hash.
-- ARGV: the turn, its longest duration, the idle time after which one goes alone (0 for never), the generation of the
-- data that the caller knows ('' for none), a generation for new data, the time to live in milliseconds; then for each
-- limit the number of requests and the length of the window.
-- Returns the answer, the wait in microseconds and the generation. The answer is 0 (taken), 1 (wait) or 2 (the data was
-- lost: report what is known, then ask again).
local SHORT = 5000000
local POLL = 20000
local RECOVERY = 1100000
local turns, state = KEYS[1], KEYS[2]
local function text(number) return string.format('%.0f', number) end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

local generation = redis.call('HGET', state, 'generation')
if not generation then
  generation = ARGV[5]
  redis.call('HSET', state, 'generation', generation)
  -- After a loss, every process that waits reports before anything is given away.
  if ARGV[4] ~= '' then redis.call('HSET', state, 'held_until', text(now + RECOVERY)) end
  redis.call('PEXPIRE', state, ARGV[6])
end
if ARGV[4] ~= '' and ARGV[4] ~= generation then return { 2, '0', generation } end
local function wait(duration) return { 1, text(math.max(duration, 1000)), generation } end

local held = tonumber(redis.call('HGET', state, 'held_until') or 0)
if held > now then return wait(held - now) end

local idle = tonumber(ARGV[3])
if idle > 0 then
  local answered = tonumber(redis.call('HGET', state, 'answered_last') or 0)
  if now - answered >= idle and redis.call('ZCOUNT', turns, '(' .. text(now), '+inf') > 0 then return wait(POLL) end
end

local longest = 0
for i = 7, #ARGV, 2 do
  local most, per = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  longest = math.max(longest, per)
  local at_once = per <= SHORT and most or math.ceil(most / 2)
  local from = '(' .. text(now - per)
  local used = redis.call('ZCOUNT', turns, from, '+inf')
  if used >= most then
    -- The turn after which a place is free. One that is under way ends now at the earliest.
    local turn = redis.call('ZRANGEBYSCORE', turns, from, '+inf', 'WITHSCORES', 'LIMIT', used - most, 1)
    return wait(math.min(tonumber(turn[2]), now) + per - now)
  end
  if used >= at_once then
    local before = tonumber(redis.call('HGET', state, 'entered_last') or 0)
    local oldest = redis.call('ZRANGEBYSCORE', turns, from, text(now), 'WITHSCORES', 'LIMIT', 0, 1)
    local free_again = oldest[2] and tonumber(oldest[2]) + per or now + per
    local after = before + (free_again - before) / (most - used + 1)
    if after > now then return wait(after - now) end
  end
end

redis.call('ZREMRANGEBYSCORE', turns, '-inf', text(now - longest))
redis.call('ZADD', turns, text(now + tonumber(ARGV[2])), ARGV[1])
redis.call('HSET', state, 'entered_last', text(now))
redis.call('PEXPIRE', turns, ARGV[6])
redis.call('PEXPIRE', state, ARGV[6])
return { 0, '0', generation }
