-- Events for the machine's own notification service used to keep an excerpt of what was said; what was deleted since must not be in them.

DELETE FROM event WHERE json_extract(body, '$.type') = 'native';
