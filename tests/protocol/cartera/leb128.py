"""LEB128 of the fewest bytes, and the columns that are made of it (document.md, section 5)."""

MAX_BYTES = 10


class Malformed(Exception):
    pass


def uleb(number):
    out = bytearray()
    while True:
        byte, number = number & 127, number >> 7
        if number == 0:
            out.append(byte)
            return bytes(out)
        out.append(byte | 128)


def sleb(number):
    out = bytearray()
    while True:
        byte, number = number & 127, number >> 7
        if number == (-1 if byte & 64 else 0):
            out.append(byte)
            return bytes(out)
        out.append(byte | 128)


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    @property
    def left(self):
        return len(self.data) - self.at

    def take(self, count):
        if count > self.left:
            raise Malformed("it ends early")
        self.at += count
        return self.data[self.at - count : self.at]

    def uleb(self):
        return self._number(uleb, signed=False)

    def sleb(self):
        return self._number(sleb, signed=True)

    def _number(self, encode, signed):
        start, number, shift = self.at, 0, 0
        while True:
            byte = self.take(1)[0]
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
            if self.at - start >= MAX_BYTES:
                raise Malformed("a number of too many bytes")
        if signed and byte & 64:
            number -= 1 << shift
        if encode(number) != self.data[start : self.at]:
            raise Malformed("a number not in its shortest form")
        return number


def text(value):
    return uleb(len(value.encode())) + value.encode()


def read_text(reader):
    try:
        return reader.take(reader.uleb()).decode()
    except UnicodeDecodeError as error:
        raise Malformed("text that is not UTF-8") from error


def runs(values, write):
    """Equal neighbours as one group, neighbouring single rows as another. `None` is a null row: snapshots only."""
    out, at, singles = bytearray(), 0, []

    def flush():
        if singles:
            out.extend(sleb(-len(singles)) + b"".join(map(write, singles)))
            singles.clear()

    while at < len(values):
        end = at
        while end < len(values) and values[end] == values[at]:
            end += 1
        if values[at] is None:
            flush()
            out += b"\0" + uleb(end - at)
        elif end - at == 1:
            singles.append(values[at])
        else:
            flush()
            out += sleb(end - at) + write(values[at])
        at = end
    flush()
    return bytes(out)


def read_runs(data, read, most):
    reader, values = Reader(data), []
    while reader.left:
        count = reader.sleb()
        if count == 0:
            length = reader.uleb()
            values += [None] * _room(length, most - len(values))
        elif count > 0:
            values += [read(reader)] * _room(count, most - len(values))
        else:
            values += [read(reader) for _ in range(_room(-count, most - len(values)))]
    return values


def read_booleans(data, most):
    reader, values, value = Reader(data), [], False
    while reader.left:
        values += [value] * _room(reader.uleb(), most - len(values))
        value = not value
    return values


def deltas(numbers):
    last, out = 0, []
    for number in numbers:
        out.append(number - last)
        last = number
    return out


def sums(numbers):
    last, out = 0, []
    for number in numbers:
        last = last if number is None else last + number
        out.append(None if number is None else last)
    return out


def _room(count, room):
    if count > room:
        raise Malformed("more rows than a column may have")
    return count
