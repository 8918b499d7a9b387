-- Invalidates answers and tells the other processes. KEYS: how the names of marks begin.
-- ARGV: the time to live of a mark in milliseconds, the channel, the sender; then the name of each subject.
local time = redis.call('TIME')
local now = string.format('%.0f', tonumber(time[1]) * 1000000 + tonumber(time[2]))
for i = 4, #ARGV do
  redis.call('SET', KEYS[1] .. 'm:' .. ARGV[i], now, 'PX', ARGV[1])
  redis.call('PUBLISH', ARGV[2], ARGV[3] .. ' ' .. ARGV[i])
end
