package store_test

import (
	"testing"

	"outcry/store/storetest"
)

func TestStore_KeepsItsPromises(t *testing.T) {
	t.Parallel()
	for _, kind := range storetest.Kinds {
		t.Run(kind.Name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, kind.New)
		})
	}
}
