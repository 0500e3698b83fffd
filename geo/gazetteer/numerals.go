package gazetteer

func numeral(r rune) (value int, ok bool) {
	switch r {
	case '〇', '零':
		return 0, true
	case '一', '壱', '壹':
		return 1, true
	case '二', '弐', '貳':
		return 2, true
	case '三', '参', '參':
		return 3, true
	case '四':
		return 4, true
	case '五':
		return 5, true
	case '六':
		return 6, true
	case '七':
		return 7, true
	case '八':
		return 8, true
	case '九':
		return 9, true
	case '十', '拾':
		return 10, true
	case '百':
		return 100, true
	case '千':
		return 1000, true
	}
	return 0, false
}

// oldNumeral reports whether r is a numeral of deeds and old registers. They
// stand in names too (参宮町, 弐軒屋), so only a counter makes them numbers.
func oldNumeral(r rune) bool {
	switch r {
	case '壱', '壹', '弐', '貳', '参', '參', '拾':
		return true
	}
	return false
}

// numerals turns runs of kanji numerals into digits where a counter follows or
// where nothing but numbers follows. Inside names they stay.
func (t *text) numerals(inTail bool) {
	tail := len(t.r)
	if inTail {
		tail = t.numberTail()
	}
	for i := 0; i < len(t.r); i++ {
		if _, ok := numeral(t.r[i]); !ok {
			continue
		}
		j := i + 1
		for j < len(t.r) {
			if _, ok := numeral(t.r[j]); !ok {
				break
			}
			j++
		}
		if i < tail && !counts(t.r[j:]) {
			i = j - 1
			continue
		}
		if n, ok := numeralValue(t.r[i:j]); ok {
			size := t.replaceNumber(i, j, n)
			if tail > i {
				tail += size - (j - i)
			}
			i += size - 1
		} else {
			i = j - 1
		}
	}
	t.unifyDashes()
}

// numberTail returns where a tail starts that holds only kanji numerals and
// what joins them: 四百十の三.
func (t *text) numberTail() int {
	i := len(t.r)
	for i > 0 {
		r := t.r[i-1]
		_, ok := numeral(r)
		ok = ok && !oldNumeral(r)
		if !ok && r != 'の' && r != 'ノ' && r != '之' && r != '-' && r != '番' && r != '地' && r != '号' {
			break
		}
		i--
	}
	for i < len(t.r) { // the tail starts with a numeral
		if _, ok := numeral(t.r[i]); ok {
			break
		}
		i++
	}
	return i
}

// counts reports whether rest starts with a word that makes the numeral before
// it a number: 丁目, 番 (not 番町, 番丁), 番地, 号, 条, 線, 地割, 丁, or
// a dash and a digit.
func counts(rest []rune) bool {
	if len(rest) == 0 {
		return false
	}
	next := rune(0)
	if len(rest) > 1 {
		next = rest[1]
	}
	switch rest[0] {
	case '丁', '号', '条', '線', '條':
		return true
	case '番':
		return next != '町' && next != '丁'
	case '地':
		return next == '割'
	case '-':
		return isDigit(next)
	}
	return false
}

// numeralValue reads 二十三, 四百十 or 四一〇.
func numeralValue(rs []rune) (int, bool) {
	positional := true
	for _, r := range rs {
		if v, _ := numeral(r); v >= 10 {
			positional = false
		}
	}
	if len(rs) > 7 {
		return 0, false
	}
	n, digit := 0, 0
	for _, r := range rs {
		v, _ := numeral(r)
		switch {
		case positional:
			n = n*10 + v
		case v >= 10:
			n += max(digit, 1) * v
			digit = 0
		default:
			digit = v
		}
	}
	return n + digit, true
}

// replaceNumber writes n in place of the runes i to j and returns its length.
func (t *text) replaceNumber(i, j, n int) int {
	var buf [8]rune
	k := len(buf)
	for {
		k--
		buf[k] = rune('0' + n%10)
		if n /= 10; n == 0 {
			break
		}
	}
	digits := buf[k:]
	from, to := t.from[i], t.to[j-1]
	for len(digits) > j-i { // 千 alone is longer as 1000
		t.r = append(t.r, 0)
		t.from, t.to = append(t.from, 0), append(t.to, 0)
		copy(t.r[j+1:], t.r[j:])
		copy(t.from[j+1:], t.from[j:])
		copy(t.to[j+1:], t.to[j:])
		j++
	}
	copy(t.r[i:], digits)
	for k := i; k < i+len(digits); k++ {
		t.from[k], t.to[k] = from, to
	}
	end := i + len(digits)
	t.r = append(t.r[:end], t.r[j:]...)
	t.from = append(t.from[:end], t.from[j:]...)
	t.to = append(t.to[:end], t.to[j:]...)
	return len(digits)
}
