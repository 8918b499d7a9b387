-- Stores an answer, unless it is about something that was invalidated after its request. KEYS: as for the look-up.
-- ARGV: how the names of marks begin, the token of the caller, when the request was sent, the time to live in
-- milliseconds, the code, the key and the customer that it is about, the sealed answer. Returns whether it is stored.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local sent = tonumber(ARGV[3])
if redis.call('GET', KEYS[2]) == ARGV[2] then redis.call('DEL', KEYS[2]) end
local left = math.floor(tonumber(ARGV[4]) - (now - sent) / 1000)
if left < 1 then return 0 end
for _, subject in ipairs({ ARGV[5], ARGV[6], ARGV[7], 'all' }) do
  local mark = redis.call('GET', ARGV[1] .. 'm:' .. subject)
  if mark and tonumber(mark) >= sent then return 0 end
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'sent', ARGV[3], 'code', ARGV[5], 'key', ARGV[6], 'customer', ARGV[7], 'answer', ARGV[8])
redis.call('PEXPIRE', KEYS[1], left)
return 1
