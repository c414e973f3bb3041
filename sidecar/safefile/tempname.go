package safefile

// Temporary names: built and parsed, nothing else. Everything that Recover has
// to know after a crash is in the name.

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// role says what a temporary name may hold; see the Design notes.
type role byte

const (
	roleWriting   role = 'w' // our bytes, perhaps not all of them
	roleExchanged role = 'x' // our bytes, or what they displaced
	roleAside     role = 'a' // a file moved aside to make room for ours
	roleRemoving  role = 'd' // a file on its way out
)

const (
	tempPrefix = ".qacorpus-"
	tempSuffix = ".tmp"

	// maxName is the longest name in bytes on every file system in common use.
	maxName = 255
	// shortName is for those with less, eCryptfs's 143 being the least known.
	shortName = 143

	hashDigits = 16
	tagDigits  = 8
	// tempOverhead is all of a temporary name but the target's.
	tempOverhead = len(tempPrefix) + 2 + tagDigits + 1 + tagDigits + 1 + hashDigits + 1 + len(tempSuffix)
)

// tempName is a temporary name taken apart.
type tempName struct {
	role    role
	machine string // of the process that made it
	random  string
	hash    string // start of the SHA-256 of our own bytes, in hexadecimal
	target  string // the name it is for, or the start of it
	cut     string // start of the name's SHA-256 if target is cut, else ""
}

// newTempName builds a name of at most limit bytes.
func newTempName(r role, machine string, ours [sha256.Size]byte, target string, limit int) tempName {
	var random [tagDigits / 2]byte
	rand.Read(random[:])
	n := tempName{role: r, machine: machine, random: hex.EncodeToString(random[:]),
		hash: digits(ours), target: target}
	if room := limit - tempOverhead; len(target) > room {
		room -= hashDigits + 1
		for room > 0 && !utf8.RuneStart(target[room]) {
			room--
		}
		n.target, n.cut = target[:room], digits(sha256.Sum256([]byte(target)))
	}
	return n
}

func digits(sum [sha256.Size]byte) string { return hex.EncodeToString(sum[:hashDigits/2]) }

func (n tempName) String() string {
	r, target := string(n.role), n.target
	if n.cut != "" {
		// A capital role marks a cut name: "~" may be part of a whole one.
		r, target = strings.ToUpper(r), n.target+"~"+n.cut
	}
	return tempPrefix + r + "-" + n.machine + "-" + n.random + "-" + n.hash + "-" + target + tempSuffix
}

// is tells whether target is the name that n was made for.
func (n tempName) is(target string) bool {
	if n.cut == "" {
		return target == n.target
	}
	return strings.HasPrefix(target, n.target) && digits(sha256.Sum256([]byte(target))) == n.cut
}

// isTemp tells the names that are ours to look at; parseTemp may still refuse them.
func isTemp(name string) bool {
	return strings.HasPrefix(name, tempPrefix) && strings.HasSuffix(name, tempSuffix)
}

func parseTemp(name string) (tempName, bool) {
	if !isTemp(name) || len(name) < tempOverhead {
		return tempName{}, false
	}
	parts := strings.SplitN(name[len(tempPrefix):len(name)-len(tempSuffix)], "-", 5)
	if len(parts) != 5 || len(parts[0]) != 1 || !isHex(parts[1], tagDigits) || !isHex(parts[2], tagDigits) ||
		!isHex(parts[3], hashDigits) {
		return tempName{}, false
	}
	n := tempName{role: role(parts[0][0] | 0x20), machine: parts[1], random: parts[2], hash: parts[3], target: parts[4]}
	switch n.role {
	case roleWriting, roleExchanged, roleAside, roleRemoving:
	default:
		return tempName{}, false
	}
	if parts[0][0] != byte(n.role) {
		i := strings.LastIndexByte(n.target, '~')
		if i < 0 || !isHex(n.target[i+1:], hashDigits) {
			return tempName{}, false
		}
		n.target, n.cut = n.target[:i], n.target[i+1:]
	}
	return n, n.target != "" || n.cut != ""
}

func isHex(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789abcdef") == ""
}
