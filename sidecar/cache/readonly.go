package cache

import (
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// OpenReadOnly opens the store at path for those who only ask: no file is made
// or changed, and nothing may be put. The error is fs.ErrNotExist where there is
// none; one that a running daemon has open cannot be had either.
func OpenReadOnly(path string) (c *Cache, err error) {
	defer func() {
		if p := recover(); p != nil { // bbolt panics on some damaged files
			c, err = nil, fmt.Errorf("open cache: damaged: %v", p)
		}
	}()
	db, err := bbolt.Open(path, 0, &bbolt.Options{Timeout: 100 * time.Millisecond, ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("open cache: %w", err)
	}
	err = db.View(func(tx *bbolt.Tx) error {
		if tx.Bucket(entriesBucket) == nil || tx.Bucket(bytesBucket) == nil {
			return errors.New("it is not one")
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open cache: %w", err), db.Close())
	}
	return &Cache{db: db, pending: map[string]*Entry{}}, nil
}
