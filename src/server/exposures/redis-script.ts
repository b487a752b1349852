/**
 * Takes one batch, whole or not at all. KEYS: the prefix. ARGV: the batch id, the seconds for which ids are
 * remembered, the size of a sample, as JSON the batch by windows, about how many events are kept, the seconds after
 * which a window that nobody is counted in is forgotten, and the events, each as JSON. Answers 0 when the id was there
 * before, else 1 and the windows that it has forgotten.
 *
 * A sample is what `UserSample` is: the users with the smallest hashes (a sorted set), and what they met (a hash). How
 * many of them met what is kept beside it (a hash), so that nobody has to read the sample to know.
 *
 * Redis takes nothing back of a script that fails. So it looks first whether every key is of its kind, and remembers
 * the id last: what fails all the same is counted again when it is sent again, and never taken for a duplicate. Windows
 * have no expiry, since Redis may evict what has one when its memory is full; `counted` says when somebody was last
 * counted in each, by the clock of Redis, which is the same for all servers.
 */
export const TAKE = `
local prefix, id, expiry, size = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
local windows, events, keep = cjson.decode(ARGV[4]), prefix .. 'events', tonumber(ARGV[6])
local remembered, counted = prefix .. 'id:' .. id, prefix .. 'counted'
if redis.call('EXISTS', remembered) == 1 then return { 0 } end

local parts = {
  [''] = 'string', [':hours'] = 'hash', [':others'] = 'hash', [':users'] = 'zset', [':met'] = 'hash',
  [':only'] = 'hash', [':limit'] = 'string'
}
local kinds = { [events] = 'stream', [counted] = 'zset' }
for _, window in ipairs(windows) do
  kinds[prefix .. 'windows:' .. window.group] = 'set'
  for part, kind in pairs(parts) do kinds[prefix .. 'window:' .. window.key .. part] = kind end
end
for key, kind in pairs(kinds) do
  local found = redis.call('TYPE', key).ok
  if found ~= 'none' and found ~= kind then
    return redis.error_reply('WRONGTYPE the key ' .. key .. ' is a ' .. found .. ', and no ' .. kind)
  end
end

local now = tonumber(redis.call('TIME')[1])
for _, window in ipairs(windows) do
  local name = prefix .. 'window:' .. window.key
  redis.call('ZADD', counted, now, window.key)
  redis.call('SADD', prefix .. 'windows:' .. window.group, window.key)
  redis.call('SETNX', name, window.data)
  for _, entry in ipairs(window.hours) do redis.call('HINCRBY', name .. ':hours', entry[1], entry[2]) end
  for _, entry in ipairs(window.others) do redis.call('HINCRBY', name .. ':others', entry[1], entry[2]) end
  local users, met, only, least = name .. ':users', name .. ':met', name .. ':only', name .. ':limit'
  local limit = tonumber(redis.call('GET', least) or 'inf')
  for _, entry in ipairs(window.users) do
    local hash, variant = entry[1], entry[2]
    if tonumber(hash) < limit then
      local before = redis.call('HGET', met, hash)
      if not before then
        redis.call('ZADD', users, hash, hash)
        redis.call('HSET', met, hash, variant)
        redis.call('HINCRBY', only, variant, 1)
      elseif before ~= variant and before ~= '*' then
        redis.call('HSET', met, hash, '*')
        redis.call('HINCRBY', only, before, -1)
        redis.call('HINCRBY', only, '*', 1)
      end
    end
  end
  if redis.call('ZCARD', users) >= 2 * size then
    local gone = redis.call('ZRANGE', users, size, -1)
    redis.call('SET', least, gone[1])
    redis.call('ZREMRANGEBYRANK', users, size, -1)
    for at = 1, #gone, 1000 do
      local last = math.min(at + 999, #gone)
      for _, variant in ipairs(redis.call('HMGET', met, unpack(gone, at, last))) do
        redis.call('HINCRBY', only, variant, -1)
      end
      redis.call('HDEL', met, unpack(gone, at, last))
    end
  end
end
for at = 7, #ARGV do redis.call('XADD', events, 'MAXLEN', '~', ARGV[5], '*', 'event', ARGV[at]) end
redis.call('SET', remembered, '1', 'EX', expiry)

local over = redis.call('ZRANGEBYSCORE', counted, '-inf', now - keep, 'LIMIT', 0, 5)
for _, key in ipairs(over) do
  for part in pairs(parts) do redis.call('UNLINK', prefix .. 'window:' .. key .. part) end
  redis.call('SREM', prefix .. 'windows:' .. string.match(key, '^%S+ %S+'), key)
  redis.call('ZREM', counted, key)
end
return { 1, unpack(over) }
`;
